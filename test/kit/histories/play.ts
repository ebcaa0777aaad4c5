// Plays one move on the engine and on the model, and compares what came of it.
import type { Account } from "rapport";
import { hasCode, RapportError } from "rapport/core";
import { broken, type Memory } from "./invariants.ts";
import { type Ending, type Model, perform, sideOf } from "./model.ts";
import type { Outage, Real } from "./real.ts";
import type { At } from "./side-model.ts";

/** One thing that one person does. */
export interface Move {
  readonly who: string;
  readonly label: string;
  readonly outage?: Outage;
  /** What of the value must be the same when the command is repeated; without it the command has no commandId. */
  readonly alike?: (value: unknown) => unknown;
  run(account: Account, options: { readonly commandId: string }): Promise<unknown>;
  expect(at: At): Ending;
  /** What repeating it under its commandId does once it is done; by default nothing. */
  readonly again?: (now: number) => Ending;
}

/** The engine, the model, and what was seen so far. */
export interface Stage {
  readonly model: Model;
  readonly real: Real;
  readonly memory: Memory;
  /** Every command gets a number of its own. */
  count: number;
  /** Hears how every move ended, to see how far histories get. */
  readonly heard?: (label: string, ended: Ending) => void;
}

/** Plays the move. Throws an Error that lists everything that is not as it should be. */
export async function play(stage: Stage, move: Move): Promise<void> {
  const { model, real } = stage;
  await stepOverDeadlines(stage);
  stage.count += 1;
  const now = real.world.clock.now();
  const commandId = `command ${stage.count}`;
  const tag = move.alike === undefined ? {} : { commandId };
  model.outage = move.outage?.howMany === "all" ? move.outage.when : undefined;
  const expected = move.expect({ now, ...tag });
  model.outage = undefined;
  real.outage = move.outage;
  const account = () => real.citizen(move.who).person.account;
  const found = await ending(() => move.run(account(), { commandId }));
  real.outage = undefined;
  await judge(stage, { label: move.label, found: found.code, expected });
  if (move.alike === undefined) return;
  model.lastOf.set(move.who, {
    label: move.label,
    commandId,
    at: now,
    value: found.value,
    repeat: () => move.run(account(), { commandId }),
    expect: (then) => move.expect({ now: then, commandId }),
    again: move.again ?? (() => undefined),
    alike: move.alike,
  });
}

/** Repeats the last command of a person under its commandId: once it is done, it gives what it gave. */
export async function repeat(stage: Stage, who: string): Promise<void> {
  const { model, real } = stage;
  await stepOverDeadlines(stage);
  const now = real.world.clock.now();
  const last = model.lastOf.get(who);
  if (last === undefined || now - last.at > keptMs) return;
  const side = sideOf(model, who);
  const wish = [...side.wishes.values()].find(({ commandId }) => commandId === last.commandId);
  const isDone = side.done.has(last.commandId);
  const finish = () => (wish === undefined ? last.expect(now) : perform(model, side, { wish, now }));
  const expected = isDone ? last.again(now) : finish();
  const found = await ending(() => last.repeat());
  await judge(stage, { label: `${last.label}, repeated`, found: found.code, expected });
  const [before, after] = [last.value, found.value].map((value) => JSON.stringify(last.alike(value)));
  if (isDone && last.value !== undefined && before !== after) {
    throw new Error(`${last.label}, repeated, gave ${after} instead of ${before}.`);
  }
}

const keptMs = 6 * 24 * 60 * 60 * 1000;

/** Compares the endings, learns the ids that only the engine knows, and checks every invariant. */
export async function judge(
  stage: Stage,
  { label, found, expected }: { readonly label: string; readonly found: Ending; readonly expected: Ending },
): Promise<void> {
  const { model, real, memory, heard } = stage;
  heard?.(label, found);
  const complaints = found === expected ? [] : [`ended with ${found ?? "success"}, expected ${expected ?? "success"}.`];
  await learnIds(model, real);
  if (model.sides.every(({ wishes }) => wishes.size === 0)) model.lostAt = undefined;
  complaints.push(...(await broken(model, real, memory)));
  if (complaints.length > 0) throw new Error([`${label}:`, ...complaints].join("\n  "));
}

// The code it was refused with; everything else that is thrown is a bug.
async function ending(run: () => Promise<unknown>): Promise<{ readonly code: Ending; readonly value: unknown }> {
  try {
    return { code: undefined, value: await run() };
  } catch (problem) {
    if (problem instanceof RapportError) return { code: problem.code, value: undefined };
    throw problem;
  }
}

/** Synchronises, and once more when a call was lost on the way. */
export async function syncAgain(account: Account): Promise<void> {
  try {
    await account.sync();
  } catch (problem) {
    if (!hasCode(problem, "relay.unreachable")) throw problem;
    await account.sync();
  }
}

// Retries take a moment; a command that begins just before a deadline would end after it, and both would be right.
async function stepOverDeadlines({ model, real }: Stage): Promise<void> {
  const { clock } = real.world;
  const deadlines = [
    ...model.templates.flatMap(({ expiresAt, requestExpiresAt, onExisting }) => [
      expiresAt,
      requestExpiresAt,
      onExisting?.expiresAt ?? 0,
    ]),
    ...model.sides.flatMap(({ asks }) => asks.map(({ expiresAt }) => expiresAt ?? 0)),
  ].sort((one, other) => one - other);
  for (const deadline of deadlines) {
    if (deadline >= clock.now() && deadline < clock.now() + momentMs) clock.advance(momentMs);
  }
}

const momentMs = 30_000;

// Ids are drawn at random, so they are learned: by the order in which things came to be.
async function learnIds(model: Model, real: Real): Promise<void> {
  const named = (things: readonly { id?: string }[], ids: readonly string[]) => {
    const known = new Set(things.map(({ id }) => id));
    const fresh = ids.filter((id) => !known.has(id));
    for (const thing of things) if (thing.id === undefined) assign(thing, fresh.shift());
  };
  const atRelay = async (path: string) => (await real.relayDocuments<{ id: string }>(path)).map(({ id }) => id);
  named(model.bonds, await atRelay("relay/relationship"));
  named(model.posts, await atRelay("relay/message"));
  for (const side of model.sides) {
    const citizen = real.citizen(side.name);
    const ids = async (kind: string) => (await citizen.documents<{ id: string }>(kind)).map(({ id }) => id);
    named(side.asks, await ids("requests"));
    const own = (await citizen.documents<{ id: string; isOwn: boolean }>("templates")).filter(({ isOwn }) => isOwn);
    const mine = model.templates.filter(({ owner }) => owner === side.name);
    const settled = mine.filter((template) => template.id !== undefined || side.templates.has(template));
    named(
      settled,
      own.map(({ id }) => id),
    );
    for (const template of settled) {
      if (template.id === undefined || template.reference !== undefined) continue;
      template.reference = (await citizen.person.account.templates.get(template.id)).reference.truncated;
    }
  }
}

function assign(thing: { id?: string }, id: string | undefined): void {
  if (id !== undefined) thing.id = id;
}
