/**
 * What the items of a Request want to know before they are judged (src/ports/item-kind.ts): answers of the relay, asked
 * before a turn, and documents, read in it. Every document is expected unchanged by the commit.
 */
import { invariant } from "../errors/bug.ts";
import { fault } from "../errors/rapport-error.ts";
import { documentsNeeded, looksNeeded, needsKnowledge, type Occasion } from "../items/documents-needed.ts";
import { knowledgeRoundsMax, lookRoundsMax } from "../limits.ts";
import { extended } from "../model/extended.ts";
import { newId } from "../model/ids.ts";
import type { JsonObject } from "../model/json.ts";
import type { ItemInfo, RelayCall } from "../ports/item-kind.ts";
import type { Answer } from "../ports/transport.ts";
import type { Reads } from "../turn/turn.ts";
import type { Account } from "./context.ts";
import { isPassing } from "./relay-refusals.ts";
import { tagCollection } from "./tag-collection.ts";

/** Documents and answers by their keys. */
export type Known = ItemInfo["known"];

/** Nothing, which is all that most Requests want to know. */
export const nothingKnown: Known = new Map();

/** Where the items of a Request stand in this account. */
export function infoFor(
  account: Account,
  at: { readonly now: string; readonly peer?: string | undefined; readonly requestId?: string; readonly known?: Known },
): ItemInfo {
  const { now, peer, requestId, known = nothingKnown } = at;
  return {
    self: account.self,
    now,
    known,
    newId: (prefix) => newId(prefix, account.entropy),
    ...(account.strictIql === true ? { strictIql: true as const } : {}),
    ...(peer === undefined ? {} : { peer }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

type Asked = Omit<Occasion, "kinds">;

/** Asks the relay what the items want to hear from it. Throws `relay.unreachable`: without its answer nothing is judged. */
export async function lookAtRelay(account: Account, asked: Asked): Promise<Known> {
  const { kinds } = account;
  if (!needsKnowledge(asked.request, kinds)) return asked.info.known;
  let known = asked.info.known;
  for (let round = 0; round < lookRoundsMax; round += 1) {
    const info = extended(asked.info, { known });
    const looks = looksNeeded(extended(asked, { info, kinds }));
    if (looks.length === 0) return known;
    const next = new Map(known);
    for (const look of looks) next.set(look.key, await answerTo(account, look));
    known = next;
  }
  throw fault("limit.reached", `The items of the Request ask the relay more than ${lookRoundsMax} times.`);
}

async function answerTo(account: Account, { operation, params, body }: RelayCall): Promise<JsonObject> {
  if (operation === "getTags") return { ok: true, result: await tagCollection(account) };
  const answer = await account.transport.call(
    {
      operation,
      ...(params === undefined ? {} : { params }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    account.session,
  );
  if (isPassing(answer)) throw unreachable(answer);
  return answerAsKnown(answer);
}

/** The relay's answer as the kinds find it in `known`. */
export function answerAsKnown(answer: Answer): JsonObject {
  if (answer.ok) return { ok: true, result: answer.result as JsonObject };
  return { ok: false, code: answer.error.code, message: answer.error.message };
}

function unreachable(answer: Answer): Error {
  invariant(!answer.ok, "An answer that says nothing is no success.");
  return fault("relay.unreachable", `The relay could not answer: ${answer.error.message} Repeat the call later.`);
}

/** Reads the documents that the items want, and those that these lead to, on top of what is known already. */
export async function gatherKnown(account: Account, reads: Reads, asked: Asked): Promise<Known> {
  const { kinds } = account;
  if (!needsKnowledge(asked.request, kinds)) return asked.info.known;
  const known = new Map<string, JsonObject | undefined>(asked.info.known);
  const info = extended(asked.info, { known });
  for (let round = 0; round < knowledgeRoundsMax; round += 1) {
    const keys = documentsNeeded(extended(asked, { info, kinds }));
    if (keys.length === 0) return known;
    for (const key of keys) known.set(key, (await reads.get<JsonObject>(`${account.id}/${key}`))?.document);
  }
  throw tooFar();
}

/** Reads the documents that `needs` names, and names with what was found, until it names nothing new. */
export async function gatherDocuments(
  account: Account,
  reads: Reads,
  needs: (known: Known) => readonly string[],
): Promise<Map<string, JsonObject | undefined>> {
  const known = new Map<string, JsonObject | undefined>();
  for (let round = 0; round < knowledgeRoundsMax; round += 1) {
    const keys = needs(known).filter((key) => !known.has(key));
    if (keys.length === 0) return known;
    for (const key of keys) known.set(key, (await reads.get<JsonObject>(`${account.id}/${key}`))?.document);
  }
  throw tooFar();
}

function tooFar(): Error {
  // Not `limit.reached`, which may be tried again: the way stays as long as it is.
  return fault("input.tooLarge", `That leads to documents further than ${knowledgeRoundsMax} steps away.`);
}
