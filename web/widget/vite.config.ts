import { defineConfig, type Plugin } from 'vite';

/** Escapes what is not ASCII, because a page in another encoding reads a classic script in its own. */
export function ascii(): Plugin {
  const escaped = (char: string): string => {
    const code = char.charCodeAt(0).toString(16);
    return code.length < 3 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
  };
  return {
    name: 'ascii',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk') file.code = file.code.replace(/[\u0080-\uffff]/g, escaped);
      }
    },
  };
}

/** One classic script, so that a plain `<script async>` loads it. */
export default defineConfig({
  plugins: [ascii()],
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    lib: {
      entry: 'src/main.ts',
      formats: ['iife'],
      name: 'Switchboard',
      fileName: () => 'widget.js',
    },
  },
});
