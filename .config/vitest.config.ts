import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const here = new URL("..", import.meta.url).pathname;

export default defineConfig({
  root: here,
  resolve: { conditions: ["rapport:source"] },
  // Workers hand these to Node for every package, and "import" among them would break a package that requires another.
  ssr: { resolve: { conditions: ["rapport:source", "node"] } },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/bench/**", "test/fixtures/**"],
    // `npm run types` checks everything; here only the files that say what must not type-check are looked at.
    typecheck: {
      enabled: true,
      include: ["test/types/**/*.test-d.ts"],
      tsconfig: "./.config/tsconfig.types.json",
      ignoreSourceErrors: true,
    },
    // Processes and not threads: native drivers and libsodium's memory stay apart. Two cores are the least we ask for.
    pool: "forks",
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ["default", "./.config/plain-line-reporter.ts"],
    // The provider that logins are tested against says at length that it is set up for a test.
    onConsoleLog: (line) => !line.includes("oidc-provider"),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
