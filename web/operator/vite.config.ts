import { env } from 'node:process';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { packed } from '../packed.config.ts';

/** The gateway that `npm run dev` passes requests on to. */
const gateway = env.GATEWAY ?? 'http://127.0.0.1:18080';

const proxied = { target: gateway, changeOrigin: true, ws: true };

export default defineConfig({
  root: import.meta.dirname,
  base: '/operator/',
  plugins: [react(), packed()],
  server: { port: 5174, proxy: { '/api': proxied, '/portal': proxied } },
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
