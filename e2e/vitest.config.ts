import { defineConfig } from "vitest/config";

// One journey at a time: each starts its own server and browser, and two cores
// are all there is.
export default defineConfig({
  test: { include: ["*.test.ts"], testTimeout: 180_000, hookTimeout: 120_000, fileParallelism: false, maxWorkers: 1 },
});
