// `rapport check`: every state of two parties, a relay and a hostile channel, from the real charts and the real engine.
import { RapportError } from "rapport";
import { systemClock } from "rapport/plugins/platform-node";
import { type CheckReport, checkProtocol, sceneNames } from "rapport/proof";
import { wrap } from "./layout.ts";
import { foundSomething } from "./rules-command.ts";
import { readWords } from "./words.ts";

interface Screen {
  readonly width: number;
  write(line: string): void;
}

/** Checks, and gives the exit code: 0 when everything holds and every row of the charts was taken. */
export async function runCheck(words: readonly string[], { width, write }: Screen): Promise<number> {
  const { texts, switches } = readWords(words, { texts: ["scene"], switches: ["json", "deep"], names: [] });
  const { scene } = texts;
  if (scene !== undefined && !sceneNames.includes(scene)) {
    throw new RapportError("input.invalid", `There is no scene "${scene}". The scenes: ${sceneNames.join(", ")}.`);
  }
  const startedMs = systemClock().now();
  const report = await checkProtocol({ deep: switches.deep, ...(scene === undefined ? {} : { scene }) });
  const seconds = (systemClock().now() - startedMs) / 1000;
  if (switches.json) write(JSON.stringify({ ...report, seconds }));
  else for (const line of linesOf(report, { seconds, width, isWhole: scene === undefined })) write(line);
  const isUncovered = scene === undefined && report.coverage.missing.length > 0;
  return report.violation !== undefined || isUncovered ? foundSomething : 0;
}

interface Around {
  readonly seconds: number;
  readonly width: number;
  /** All scenes were explored, so every row should have been taken. */
  readonly isWhole: boolean;
}

function* linesOf(report: CheckReport, { seconds, width, isWhole }: Around): Generator<string> {
  yield row(["scene", "states", "transitions", "depth", ""]);
  for (const { name, states, transitions, depth, complete, violation } of report.scenes) {
    const end = violation !== undefined ? "broken" : complete ? "complete" : "bounded";
    yield row([name, count(states), count(transitions), String(depth), end]);
  }
  yield row(["all", count(report.states), count(report.transitions), String(report.depth), `${seconds.toFixed(1)} s`]);
  yield "";
  const { covered, total, missing, waived } = report.coverage;
  yield `${covered} of ${total} rows of the charts were taken; ${count(report.turns)} different steps of the real engine and relay.`;
  for (const { row: name, because } of waived) yield* wrap(`not counted: ${name}: ${because}`, { width, indent: 2 });
  if (isWhole) for (const name of missing) yield `  not taken: ${name}`;
  const { violation } = report;
  if (violation === undefined)
    return yield "Everything holds: R1-R4, Q1-Q3, C2 after every commit, and agreement from every state.";
  yield "";
  yield* wrap(`Broken in "${violation.scene}": ${violation.sentence}`, { width });
  yield violation.diagram;
}

function row([name = "", ...cells]: readonly string[]): string {
  return (name.padEnd(30) + cells.map((cell) => cell.padStart(13)).join("")).trimEnd();
}

const count = (number: number): string => number.toLocaleString("en");
