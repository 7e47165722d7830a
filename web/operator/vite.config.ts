import { defineConfig } from 'vite';
import { pageConfig } from '../page.config.ts';

export default defineConfig(
  pageConfig({
    root: import.meta.dirname,
    base: '/operator/',
    port: 5174,
    passed: ['/api', '/portal'],
  }),
);
