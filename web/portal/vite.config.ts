import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The gateway that `npm run dev` passes requests on to. */
const gateway = env.GATEWAY ?? 'http://127.0.0.1:18080';

const proxied = { target: gateway, changeOrigin: true };

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

export default defineConfig({
  root: import.meta.dirname,
  base: '/portal/',
  plugins: [react(), packed()],
  server: { port: 5173, proxy: { '/api': proxied, '/widget': proxied } },
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    manifest: true,
    // Inlined files would need `data:` in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
});
