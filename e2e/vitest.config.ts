import { defineConfig } from "vitest/config";

// Two journeys at a time: each starts its own server and browser, and two cores
// are what is counted on.
export default defineConfig({
  test: { include: ["*.test.ts"], testTimeout: 180_000, hookTimeout: 120_000, maxWorkers: 2 },
});
