import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'happy-dom',
    include: [
      '{presence,widget,client,portal,operator}/{src,test}/**/*.test.{ts,tsx}',
      'e2e/test/*.test.mjs',
    ],
    css: { include: [/widget\.css/] },
    restoreMocks: true,
  },
});
