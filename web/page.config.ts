import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin, Rolldown, UserConfig } from 'vite';

/** Below this, a file is not worth a second one. */
const LEAST_BYTES = 1024;

/** Writes `x.gz` beside each text that the gateway serves, which then costs it nothing to compress. */
function packed(): Plugin {
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

/** How a page that the gateway serves is built, and served while somebody works on it. */
export function pageConfig(of: {
  root: string;
  /** Below which address it is served. */
  base: string;
  port: number;
  /** Which addresses `npm run dev` passes on to the gateway. */
  passed: string[];
  codeSplitting?: Rolldown.CodeSplittingOptions;
}): UserConfig {
  const { root, base, port, passed, codeSplitting } = of;
  const target = env.GATEWAY ?? 'http://127.0.0.1:18080';
  const gateway = { target, changeOrigin: true, ws: true };
  return {
    root,
    base,
    plugins: [react(), packed()],
    server: { port, proxy: Object.fromEntries(passed.map((path) => [path, gateway])) },
    build: {
      target: 'es2022',
      cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
      manifest: true,
      // Inlined files would need `data:` in the policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 700,
      ...(codeSplitting && { rolldownOptions: { output: { codeSplitting } } }),
    },
  };
}
