import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/get-trivy.ts"],
    // A real scanner on two cores: a slow machine is no failure, a hang is.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
