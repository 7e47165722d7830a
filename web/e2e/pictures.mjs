/** Pictures for uploading. */
import { crc32, deflateSync } from 'node:zlib';

function chunk(kind, data) {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const size = Buffer.alloc(4);
  const sum = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([size, named, sum]);
}

/** A square PNG with `edge` pixels, from one colour above to another below. */
export function pngOf(edge, [above, below]) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(edge, 0);
  head.writeUInt32BE(edge, 4);
  // Eight bits each of red, green and blue.
  head.writeUInt8(8, 8);
  head.writeUInt8(2, 9);
  const lines = Array.from({ length: edge }, (_, y) => {
    const mixed = above.map((from, at) => Math.round(from + ((below[at] - from) * y) / edge));
    return [0, ...Array.from({ length: edge }, () => mixed).flat()];
  });
  const data = deflateSync(Buffer.from(lines.flat()));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A small picture. */
export const PNG = pngOf(200, [
  [30, 120, 130],
  [240, 200, 90],
]);
