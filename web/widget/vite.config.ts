import { defineConfig } from 'vite';

/** One classic script, so that a plain `<script async>` loads it. */
export default defineConfig({
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    lib: {
      entry: 'src/main.ts',
      formats: ['iife'],
      name: 'Switchboard',
      fileName: () => 'widget.js',
    },
    minify: 'oxc',
    reportCompressedSize: true,
  },
});
