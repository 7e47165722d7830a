import { defineConfig } from 'vite';
import { ascii } from './vite.config';

/** What the widget loads only where it is needed, each a module: its name and where it begins. */
const PARTS: Record<string, string> = {
  enquiry: 'src/enquiry/main.ts',
  de: 'src/locales/de.ts',
  template: 'src/template/main.ts',
  tabs: 'src/tabs.ts',
  // The widget itself, for pages that are made of modules.
  module: 'src/module.ts',
};

/** One part, which `--mode` names; what two parts have in common is in both, so that each is one request. */
export default defineConfig(({ mode }) => ({
  plugins: [ascii()],
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    emptyOutDir: false,
    // Libraries keep their spaces otherwise, for programs that put them together with others.
    rolldownOptions: { output: { minify: true } },
    lib: {
      entry: PARTS[mode] ?? '',
      formats: ['es'],
      fileName: () => `${mode}.js`,
    },
  },
}));
