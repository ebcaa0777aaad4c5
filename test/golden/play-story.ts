// Tells a story line by line, through the same doors that embedders use.
import { hasCode, type Json } from "rapport/core";
import type { Houses } from "./houses.ts";
import { type Given, resolved, type StoryLine } from "./story-lines.ts";
import { plain } from "./wire-journal.ts";

/** What came of a line: what it gave, or the code that it was refused with. */
export type Told = { readonly gave: Json } | { readonly refused: string };

/** Tells the lines, one after the other; `given` collects what they gave. */
export async function playStory(
  houses: Houses,
  lines: readonly StoryLine[],
  given: Given = new Map(),
): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const line of lines) told.push(await playLine(houses, line, given));
  return told;
}

async function playLine(houses: Houses, line: StoryLine, given: Given): Promise<Told> {
  if ("passMs" in line) {
    houses.clock.advance(line.passMs);
    return { gave: null };
  }
  if ("house" in line) {
    houses.setLine(line.house, line.line);
    return { gave: null };
  }
  if ("operator" in line) return { gave: await operate(houses, line, given) };
  try {
    const gave = await command(houses, line, given);
    if (line.refused !== undefined) throw new Error(`${line.who}'s ${line.do} was to be refused with ${line.refused}.`);
    if (line.as !== undefined) given.set(line.as, gave);
    return { gave: plain(gave) };
  } catch (problem) {
    const { refused } = line;
    if (refused !== undefined && hasCode(problem, refused as never)) return { refused };
    throw new Error(`${line.who}'s ${line.do} failed: ${String(problem)}`, { cause: problem });
  }
}

async function command(houses: Houses, line: Extract<StoryLine, { who: string }>, given: Given): Promise<unknown> {
  if (line.do === "accounts.create") {
    const account = await houses.engineOf(line.who).accounts.create({ name: line.who });
    given.set(line.who, { address: account.address });
    return { address: account.address };
  }
  const input = (line.with ?? []).map((one) => resolved(one, given));
  return methodOf(await houses.account(line.who), line.do)(...input);
}

async function operate(
  { relay, clock, noteOperator }: Houses,
  line: Extract<StoryLine, { operator: string }>,
  given: Given,
): Promise<Json> {
  const input = line.with.map((one) => resolved(one, given));
  const atMs = clock.now();
  const gave = plain(await methodOf(relay.admin, line.operator)(...input));
  noteOperator({ atMs, operator: line.operator, with: input as Json[], gave });
  return gave;
}

/** The method that a dotted path leads to. */
export function methodOf(start: object, path: string): (...input: unknown[]) => Promise<unknown> {
  let owner: unknown;
  let value: unknown = start;
  for (const member of path.split(".")) {
    owner = value;
    value = typeof value === "object" && value !== null ? Reflect.get(value, member) : undefined;
  }
  if (typeof value !== "function") throw new Error(`There is no "${path}".`);
  return async (...input) => Reflect.apply(value as () => unknown, owner, input);
}
