import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['./test/support/state-folder.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', './build/count-reporter.ts'],
  },
});
