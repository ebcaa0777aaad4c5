// One path of the crash story, killed or cut off at one call after the other, until the first that leaves a trace.
import { sweepUntilWrong } from "../../../stories/crash-sweep.ts";
import { asked, lawIn, tell } from "./verdict.ts";

const { path, ways } = asked("crashes");

try {
  const { points, complaint } = await sweepUntilWrong(path, ways);
  const [where = "", ...traces] = complaint?.split("\n") ?? [];
  const by = `${where.split(", ").slice(-2).join(", ")}: ${lawIn(traces.join("\n"))}`;
  tell(complaint === undefined ? { killed: false, runs: points } : { killed: true, by, runs: points });
} catch (problem) {
  // Already without a crash the story does not come to its end.
  tell({ killed: true, by: lawIn(problem), runs: 0 });
}
