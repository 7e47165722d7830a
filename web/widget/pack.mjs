/** Writes `x.js.gz` beside each script, which the gateway then need not compress. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const folder = join(import.meta.dirname, 'dist');
for (const name of (await readdir(folder)).filter((file) => file.endsWith('.js'))) {
  const plain = await readFile(join(folder, name));
  await writeFile(join(folder, `${name}.gz`), gzipSync(plain, { level: 9 }));
}
