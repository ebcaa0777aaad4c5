// The model-based suite with a server and an HTTP client between everybody and the relay; RAPPORT_HTTP_HISTORIES sets the number.
import fc from "fast-check";
import { historyProperty } from "rapport/testkit";
import { test } from "vitest";
import { httpWire } from "./http-wire.ts";

const { RAPPORT_HTTP_HISTORIES = "24", RAPPORT_HISTORY_SEED } = process.env;
const seed = RAPPORT_HISTORY_SEED ?? (process.env["CI"] === undefined ? undefined : "20301122");

test.for([2, 3] as const)(
  "%i people, whatever they do and whatever gets lost, keep every promise over HTTP",
  { timeout: 10 * 60_000 },
  async (people) => {
    const property = historyProperty({ people, commandsMax: 40, ground: { wire: httpWire } });

    await fc.assert(property, {
      numRuns: Math.ceil(Number(RAPPORT_HTTP_HISTORIES) / 2),
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      verbose: 1,
    });
  },
);
