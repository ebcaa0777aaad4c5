// Histories until the first one that breaks a promise.
import fc from "fast-check";
import { historyProperty } from "../../../kit/histories.ts";
import { asked, lawIn, tell } from "./verdict.ts";

const { people, commandsMax, seed, runs } = asked("histories");
// The smallest history is nobody's business here: the first that fails is enough.
const found = await fc.check(historyProperty({ people, commandsMax }), { seed, numRuns: runs, endOnFailure: true });

tell({
  killed: found.failed,
  runs: found.numRuns,
  ...(found.failed ? { by: lawIn(found.errorInstance) } : {}),
});
