import { test } from "vitest";

/** A service that tests need and that may be absent here. */
export interface Service {
  readonly isPresent: boolean;
  /** Runs the block where the service is; else one line says so, or a test fails when RAPPORT_SERVICES=required. */
  describe(tests: () => void): void;
}

/** Asks once whether the service answers; the probe rejects when it does not. */
export async function service(name: string, probe: () => Promise<unknown>): Promise<Service> {
  const problem = await probe().then(
    () => undefined,
    (reason: unknown) => String(reason instanceof AggregateError ? reason.errors[0] : reason),
  );
  return {
    isPresent: problem === undefined,
    describe: (tests) => {
      if (problem === undefined) return tests();
      const absent = `${name} does not answer (${problem}): its tests say nothing`;
      test(absent, () => {
        if (process.env["RAPPORT_SERVICES"] === "required") throw new Error(absent);
        process.stderr.write(`${absent}.\n`);
      });
    },
  };
}
