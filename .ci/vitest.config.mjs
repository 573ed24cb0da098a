import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const MINUTE = 60_000;
/** Tests that bring up a real runtime: one at a time, after all the others. */
const rigs = ['test/rig/**/*.test.ts', 'test/e2e/**/*.test.ts'];

export default defineConfig({
  root,
  test: {
    reporters: ['default'],
    watch: false,
    projects: [
      {
        root,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: rigs,
          // Two files at a time with real processes on a loaded machine; vitest names what it had to repeat.
          retry: process.env.CI ? 1 : 0,
          testTimeout: MINUTE,
          hookTimeout: MINUTE,
          sequence: { groupOrder: 0 },
        },
      },
      {
        root,
        test: {
          name: 'rigs',
          include: rigs,
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 5 * MINUTE,
          hookTimeout: 5 * MINUTE,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
