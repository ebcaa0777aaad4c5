import { defineConfig } from "vitest/config";

const here = new URL("..", import.meta.url).pathname;

export default defineConfig({
  root: here,
  resolve: { conditions: ["rapport:source"] },
  ssr: { resolve: { conditions: ["rapport:source", "node", "import", "default"] } },
  test: {
    include: ["test/**/*.test.ts"],
    benchmark: { include: ["test/bench/**/*.bench.ts"] },
    typecheck: { enabled: true, include: ["test/types/**/*.test-d.ts"], tsconfig: "./tsconfig.json" },
    reporters: ["default", "./.config/plain-line-reporter.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
