// `rapport up`: a relay and two Connectors in this process, the story of their first Relationship, and what to try next.
import { parseArgs } from "node:util";
import { RapportError } from "rapport";
import { pressed } from "./pressed.ts";
import { openHouse } from "./up-house.ts";
import { upLines, upObject } from "./up-lines.ts";
import { storyOf } from "./up-story.ts";
import { writeWalkThrough } from "./up-walk-through.ts";

interface Screen {
  readonly write: (line: string) => void;
}

/** Starts everything, says where it is, and ends with the first signal. A second one ends it at once. */
export async function runUp(words: readonly string[], { write }: Screen): Promise<void> {
  const { folder, port, json, isTold } = optionsIn(words);
  const told = pressed();
  const house = await openHouse({ folder, port });
  try {
    const tell = json ? () => undefined : write;
    tell("");
    const story = await storyOf(house, tell, isTold);
    const walkThrough = writeWalkThrough(house);
    if (json) write(JSON.stringify(upObject({ house, story, walkThrough })));
    else upLines({ house, story, walkThrough }).forEach(write);
    const signal = await told.first;
    tell(`${signal}: answering what has begun, then closing. Once more to stop at once.`);
  } finally {
    await house.close();
    told.forget();
  }
}

const portDefault = 4300;
/** Two more follow the first. */
const portMax = 65_533;

function optionsIn(words: readonly string[]) {
  const { folder, port, json, "no-story": isSilent } = parsed(words);
  const number = port === undefined ? undefined : Number(port);
  if (number !== undefined && !(Number.isInteger(number) && number >= 0 && number <= portMax)) {
    throw invalid(`--port must be a whole number from 0 to ${portMax}`);
  }
  if (folder === "") throw invalid("--folder must name a folder");
  return { folder, port: { wanted: number ?? portDefault, isChosen: number !== undefined }, json, isTold: !isSilent };
}

function parsed(words: readonly string[]) {
  const options = {
    folder: { type: "string", default: ".rapport" },
    port: { type: "string" },
    json: { type: "boolean", default: false },
    "no-story": { type: "boolean", default: false },
  } as const;
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: false }).values;
  } catch (problem) {
    const [reason = ""] = (problem instanceof Error ? problem.message : String(problem)).split(". ");
    throw invalid(reason.replace(/\.$/, ""));
  }
}

function invalid(what: string): RapportError {
  return new RapportError("input.invalid", `${what}. Run "rapport help" for the options.`);
}
