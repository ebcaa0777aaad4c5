// One scene of the model checker, until the first state that is broken.
import { checkProtocol } from "../../../kit/proof.ts";
import { asked, lawIn, tell } from "./verdict.ts";

const { scene, statesMax } = asked("check");
const { states, violation } = await checkProtocol({ scene, statesMax, threads: 1 });

tell(
  violation === undefined
    ? { killed: false, runs: states }
    : { killed: true, by: lawIn(violation.sentence), runs: states },
);
