import { defineConfig } from 'vite';
import { ascii } from './vite.config';

/** The part for visitors who leave something: a module that the widget loads where it is needed. */
export default defineConfig({
  plugins: [ascii()],
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    emptyOutDir: false,
    lib: {
      entry: 'src/enquiry/main.ts',
      formats: ['es'],
      fileName: () => 'enquiry.js',
    },
  },
});
