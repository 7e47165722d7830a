import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'happy-dom',
    include: ['presence/src/**/*.test.ts', 'widget/src/**/*.test.ts', 'widget/test/**/*.test.ts'],
    css: { include: [/widget\.css/] },
    restoreMocks: true,
  },
});
