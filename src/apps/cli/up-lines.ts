// What `rapport up` says when it is ready: for people in lines, for programs as one object.
import type { House, Resident } from "./up-house.ts";
import { names } from "./up-kept.ts";
import type { Story } from "./up-story.ts";
import type { WalkThrough } from "./up-walk-through.ts";

/** Everything there is to say. */
export interface Up {
  readonly house: House;
  readonly story: Story;
  readonly walkThrough: WalkThrough;
}

/** The object of `--json`. */
export function upObject({ house, story, walkThrough }: Up): object {
  const { folder, relayUrl, residents } = house;
  const connectors = names.map((name) => ({ ...residents[name], app: pageOf(residents[name]) }));
  return { folder, relay: relayUrl, connectors, story, walkThrough };
}

/** The lines for people. */
export function upLines({ house, story, walkThrough }: Up): readonly string[] {
  const { folder, relayUrl, residents, passedBy } = house;
  const line = (name: string, text: string) => `  ${name.padEnd(labelWidth)}${text}`;
  return [
    ...storyLines(story),
    "",
    "What runs",
    line("relay", relayUrl),
    ...names.map((name) => line(name, `${residents[name].url}   API key ${residents[name].apiKey}`)),
    line("", `Everything is kept in ${folder}; delete the folder to begin anew.`),
    ...(passedBy.length === 0
      ? []
      : [line("", `Somebody else listens on ${passedBy.join(", ")}: the next free ports were taken.`)]),
    "",
    "Decide as Mara, on a page for phones",
    `  ${pageOf(residents.mara)}`,
    "",
    "Try it by hand: copy and paste from here to the next line of dashes, or run",
    `  sh ${walkThrough.file}`,
    dashes,
    ...walkThrough.lines,
    dashes,
    "",
    "Ready. Ctrl+C stops it.",
  ];
}

const labelWidth = 9;
const dashes = "-".repeat(72);

function storyLines({ isNew, relationship }: Story): readonly string[] {
  if (relationship === undefined) return ["Nobody has a Relationship yet."];
  const stand = `The Relationship ${relationship.id} is ${relationship.status}`;
  return [isNew ? `  ${stand} on both sides.` : `The story was played at an earlier start. ${stand}.`];
}

function pageOf({ url, apiKey }: Resident): string {
  return `${url}/app#key=${apiKey}`;
}
