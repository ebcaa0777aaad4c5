/**
 * Commands that may be repeated (design.md 7): the result is stored in the command's commit under its `commandId`, and
 * repeating the command gives that result. What is stored never holds a key: secret results are stored as a reference.
 */

import { type Outcome, refuse, unwrap } from "../errors/refusal.ts";
import { commandResultKeepMs } from "../limits.ts";
import { toHex, utf8 } from "../model/bytes.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { CommandRecord, IntentRecord } from "../model/records.ts";
import { snapshot } from "../model/snapshot.ts";
import { assertLiving } from "./account-end.ts";
import type { Change } from "./change.ts";
import type { Account } from "./context.ts";
import { perform } from "./performing.ts";
import { assertStored } from "./watched-store.ts";

/** Every command takes these. */
export interface CommandOptions {
  /** Makes the command repeatable: the same id gives the same result. */
  readonly commandId?: string;
}

/** Names one command with its input; undefined when the caller gave no `commandId`. */
export type CommandTag = { readonly commandId: string; readonly input: string } | undefined;

/** Runs the command once. `run` stores its result with `recordResult`; `replay` turns a stored result into the value. */
export async function once<T>(
  account: Account,
  command: { readonly name: string; readonly input: unknown; readonly options: CommandOptions | undefined },
  work: { run(tag: CommandTag): Promise<Outcome<T>>; replay(result: JsonObject): Promise<T> },
): Promise<T> {
  assertLiving(account);
  await assertStored(account);
  const commandId = command.options?.commandId;
  if (commandId === undefined) return unwrap(await work.run(undefined));
  const id = encodeURIComponent(commandId);
  const input = unwrap(snapshot(command.input ?? null, "input"));
  const tag = { commandId: id, input: fingerprint(account, { name: command.name, input }) };
  // Not the lane of the timer that forgets the command: the command itself may have to let timers run.
  return account.lanes.run(`once-${id}`, async () => {
    for (let looks = 0; looks < 2; looks += 1) {
      const known = (await account.store.get<CommandRecord>(keyOf(account.id, "commands", id)))?.document;
      if (known === undefined || isForgotten(account, known)) break;
      if (known.input !== tag.input) return unwrap(reused(commandId));
      if (known.result !== undefined) return work.replay(known.result);
      const intent = await account.store.get<IntentRecord>(keyOf(account.id, "intents", known.intent ?? ""));
      if (intent !== undefined) unwrap(await perform(account, intent.document, "found"));
    }
    return unwrap(await work.run(tag));
  });
}

/** Stores the result in the commit that the change becomes. */
export function recordResult(
  account: Account,
  change: Change,
  { tag, result }: { readonly tag: CommandTag; readonly result: JsonObject },
): void {
  if (tag === undefined) return;
  const now = account.clock.now();
  change.put("commands", tag.commandId, { input: tag.input, at: instantOf(now), result });
  change.deadline(`command-${tag.commandId}`, instantOf(now + commandResultKeepMs));
}

/** The tag that an intent carries from turn 1 to turn 2. */
export function tagOf(intent: IntentRecord): CommandTag {
  const input = intent.facts["commandInput"];
  if (intent.commandId === undefined || typeof input !== "string") return undefined;
  return { commandId: intent.commandId, input };
}

/** The members of an intent's draft that carry the tag. */
export function tagged(tag: CommandTag, facts: JsonObject = {}): { commandId?: string; facts: JsonObject } {
  return tag === undefined
    ? { facts }
    : { commandId: tag.commandId, facts: extended(facts, { commandInput: tag.input }) };
}

// The timer that deletes it may be late (T1). What waits for its intent is never forgotten.
function isForgotten(account: Account, { at, result }: CommandRecord): boolean {
  return result !== undefined && account.clock.now() > Date.parse(at) + commandResultKeepMs;
}

// Keyed, so that nobody who has the store's file alone can try out what a short password in the input may have been.
function fingerprint(
  { crypto, storeKey }: Account,
  command: { readonly name: string; readonly input: unknown },
): string {
  const key = toHex(crypto.hashing.derive(storeKey, 1, "COMMANDS"));
  return toHex(crypto.hashing.sha256(utf8(key + JSON.stringify([command.name, command.input]))));
}

function reused(commandId: string): Outcome<never> {
  const message = `The commandId "${commandId}" was used for a different command. Choose a new one.`;
  return refuse("command.idReused", message, { commandId });
}
