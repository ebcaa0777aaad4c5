// Seeds of the simulation, until the first that finds something.
import { simulate } from "../../../kit/proof.ts";
import { asked, lawIn, tell } from "./verdict.ts";

const { from, to, steps } = asked("simulation");

let runs = 0;
let by: string | undefined;
for (let seed = from; seed <= to && by === undefined; seed += 1) {
  runs += 1;
  // The smallest finding is nobody's business here.
  const { finding } = await simulate({ seed, steps, minimising: false });
  if (finding !== undefined) by = lawIn(finding.sentence);
}
tell(by === undefined ? { killed: false, runs } : { killed: true, by, runs });
