// What becomes of a decided LocalRequest when its Response has left, as a Relationship or a Message, or cannot (4.3).
import { allow, type Outcome } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord, RequestRecord } from "../model/records.ts";
import type { Answer } from "../ports/transport.ts";
import { accountTurn, type Change, no } from "./change.ts";
import { recordResult, tagOf } from "./commands.ts";
import type { Account } from "./context.ts";
import { gatherGiven, takeBack } from "./given-attributes.ts";
import { abandonIntent, closeIntent, closeRefused, stillOpen } from "./intents.ts";
import { announceMoved } from "./receive.ts";
import { refusalOf } from "./relay-refusals.ts";
import { moveIncoming } from "./request-state.ts";

/** The LocalRequest is Completed, and its Response names what carried it. */
export function responseDelivered(
  change: Change,
  request: RequestRecord,
  by: {
    readonly source: { readonly type: "Relationship" | "Message"; readonly reference: string };
    readonly now: string;
  },
): void {
  const { source, now } = by;
  const moved = moveIncoming(request, { type: "response.delivered", source }, now);
  if (!moved.ok || moved.value.record.response === undefined) return;
  const { deliveryError: _gone, ...delivered } = moved.value.record;
  const record = { ...delivered, response: extended(moved.value.record.response, { source }) };
  change.put("requests", request.id, record);
  change.deadline(request.id, undefined);
  announceMoved(change, { ...moved.value, record });
}

/** Closes the refused intent of a letter that tells of something that has happened. It is kept for a person to look at. */
export async function closeUntold(
  account: Account,
  intent: IntentRecord,
  answer: Extract<Answer, { ok: false }>,
): Promise<Outcome<undefined>> {
  const { code, message } = refusalOf(answer, intent.call.operation);
  account.log.write("warn", "The relay refused a Notification, which is kept as a dead letter.", { code });
  return accountTurn(account, {
    gather: (reads) => stillOpen(account, reads, intent),
    plan(stored, change) {
      if (stored === undefined) return allow(undefined);
      const { content = {}, recipients = [], result = {} } = stored.facts as { readonly [fact: string]: JsonObject };
      const at = instantOf(account.clock.now());
      const payload = { content, recipients };
      change.put("deadletters", stored.id, { id: stored.id, at, what: "Notification", code, message, payload });
      closeIntent(change, stored);
      recordResult(account, change, { tag: tagOf(stored), result });
      return allow(undefined);
    },
  });
}

/**
 * Closes the refused intent that would have delivered a Response, if it was to. The LocalRequest stays Decided (4.3) and
 * says why; delivering it again is a command of its own.
 */
export async function closeUndelivered(
  account: Account,
  intent: IntentRecord,
  answer: Extract<Answer, { ok: false }>,
): Promise<Outcome<never>> {
  const { answers } = intent.facts;
  if (typeof answers !== "string") return closeRefused(account, intent, answer);
  const refusal = refusalOf(answer, intent.call.operation);
  await accountTurn(account, {
    gather: async (reads) => {
      const stored = await stillOpen(account, reads, intent);
      const record = (await reads.get<RequestRecord>(keyOf(account.id, "requests", answers)))?.document;
      if (record === undefined) return { stored };
      const known = await gatherGiven(account, reads, record);
      return { stored, given: { request: record, known, now: instantOf(account.clock.now()) } };
    },
    plan({ stored, given }, change) {
      if (stored === undefined) return allow(undefined);
      abandonIntent(change, stored);
      if (given === undefined) return allow(undefined);
      const deliveryError = { code: refusal.code, message: refusal.message };
      change.put("requests", given.request.id, extended(given.request, { deliveryError }));
      takeBack(account, change, given);
      return allow(undefined);
    },
  });
  return no(refusal);
}
