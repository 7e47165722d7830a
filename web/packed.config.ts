import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** Below this, a file is not worth a second one. */
const LEAST_BYTES = 1024;

/** Writes `x.gz` beside each text that the gateway serves, which then costs it nothing to compress. */
export function packed(): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    async writeBundle({ dir }) {
      const folder = dir ?? '';
      for (const file of await readdir(folder, { recursive: true })) {
        if (!/\.(js|css|html|svg)$/.test(file)) continue;
        const plain = await readFile(join(folder, file));
        if (plain.length < LEAST_BYTES) continue;
        await writeFile(join(folder, `${file}.gz`), await promisify(gzip)(plain, { level: 9 }));
      }
    },
  };
}
