// Sending messages: sealed once, in turn 1, with counters that are persisted in the same commit.

import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { contentBytesMax, searchedPagesMax } from "../limits.ts";
import { isSameBase64 } from "../model/bytes.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord, MessageRecord, RelationshipRecord, RequestRecord } from "../model/records.ts";
import type { RelationshipSecrets } from "../sealed/channels.ts";
import { type Attachment, sealMessage } from "../sealed/message.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireCreated, WireMessage } from "../wire/shapes.ts";
import { accountTurn, type Change } from "./change.ts";
import { type CommandTag, recordResult, tagged, tagOf } from "./commands.ts";
import type { Account } from "./context.ts";
import { closeIntent, draftIntent, type IntentKind, knownAs, openIntent, type Sighting } from "./intents.ts";
import { drawCounter } from "./message-counters.ts";
import { notificationOf } from "./notification-records.ts";
import { closeUndelivered, closeUntold, responseDelivered } from "./response-delivery.ts";
import { gatherSent, requestSent } from "./sent-requests.ts";
import { readSecret } from "./vault.ts";

/** What a message is made of. `entity` locks: the Request it carries or answers, else a name of its own. */
export interface Letter {
  readonly entity: string;
  readonly content: JsonObject;
  readonly recipients: readonly RelationshipRecord[];
  readonly attachments?: readonly Attachment[];
  /** The outgoing LocalRequest that it carries. */
  readonly carries?: string;
  /** The incoming LocalRequest that it answers. */
  readonly answers?: string;
  readonly tag?: CommandTag;
  /** What its command gives, instead of the Message: what it tells of has happened, whatever becomes of the letter. */
  readonly result?: JsonObject;
}

/** A sealed message, ready to be committed as an intent together with its counters. */
export interface SealedLetter {
  readonly intent: IntentRecord;
  readonly counters: readonly { readonly id: string; readonly n: number }[];
}

/** Seals the letter; part of `gather`, so that a rerun draws new counters. Throws `relay.unreachable` before the first one. */
export async function sealLetter(account: Account, reads: Reads, letter: Letter): Promise<Outcome<SealedLetter>> {
  const counters: { id: string; n: number }[] = [];
  const recipients = [];
  for (const { id, peer } of letter.recipients) {
    const secrets = await readSecret<RelationshipSecrets & JsonObject>(account, reads.get, `relationship-${id}`);
    if (secrets === undefined) return refuse("error.transport.recordNotFound", `The keys of ${id} are missing.`);
    const counter = await drawCounter(account, reads, id);
    counters.push({ id: `send-${id}`, n: counter + 1 });
    recipients.push({ address: peer, secrets, counter });
  }
  const createdAt = instantOf(account.clock.now());
  const { content, attachments = [] } = letter;
  const sealed = sealMessage(account, { content, createdAt, attachments, recipients });
  if (!sealed.ok) return sealed;
  const tooLarge = contentTooLarge(sealed.value.body, "message");
  if (tooLarge !== undefined) return tooLarge;
  const intent = draftIntent(account, {
    entity: letter.entity,
    kind: "sendMessage",
    operation: "createMessage",
    body: {
      recipients: sealed.value.recipients,
      body: sealed.value.body,
      attachments: attachments.map(({ id }) => ({ id })),
    },
    ...(letter.recipients.length === 1 ? { peer: letter.recipients[0]?.peer ?? "" } : {}),
    ...tagged(letter.tag, {
      content: letter.content,
      recipients: letter.recipients.map(({ id, peer }) => ({ address: peer, relationshipId: id })),
      ...(attachments.length === 0 ? {} : { attachments: attachments.map(({ id }) => id) }),
      ...(letter.carries === undefined ? {} : { carries: letter.carries }),
      ...(letter.answers === undefined ? {} : { answers: letter.answers }),
      ...(letter.result === undefined ? {} : { result: letter.result }),
    }),
  });
  return allow({ intent, counters });
}

/** Puts the sealed letter and its counters into the change of turn 1. */
export function postLetter(account: Account, change: Change, { intent, counters }: SealedLetter): void {
  for (const { id, n } of counters) change.put("counters", id, { n });
  openIntent(account, change, { intent: intent });
}

/** A refusal when the sealed content is over the relay's limit. */
export function contentTooLarge(base64: string, what: string): { ok: false; refusal: Refusal } | undefined {
  if (Math.floor((base64.length * 3) / 4) <= contentBytesMax) return undefined;
  return refuse("input.tooLarge", `The sealed ${what} is over ${contentBytesMax} bytes. Make it smaller.`, { what });
}

/** Turn 2 of a message: it is sent, and with it the Request it carries or the Response it brings. */
export const sendMessageIntent: IntentKind = {
  async applied(account, intent, result): Promise<Outcome<MessageRecord>> {
    const { id, createdAt } = result as WireCreated;
    const facts = intent.facts as SentFacts;
    return accountTurn(account, {
      async gather(reads) {
        const carried = facts.carries === undefined ? undefined : await requestOf(account, reads, facts.carries);
        return {
          known: await knownAs<MessageRecord>(reads, keyOf(account.id, "messages", id)),
          carried,
          sent: await gatherSent(account, reads, carried),
          answered: facts.answers === undefined ? undefined : await requestOf(account, reads, facts.answers),
          now: instantOf(account.clock.now()),
        };
      },
      plan({ known, carried, sent, answered, now }, change) {
        if (known !== undefined) return allow(known);
        const message = sentMessage(account, { id, createdAt, facts });
        change.put("messages", id, message);
        change.event("transport.messageSent", () => message);
        const notification = notificationOf(message);
        if (notification !== undefined) change.put("notifications", notification.id, notification);
        if (carried !== undefined) requestSent(account, change, { request: carried, message: id, known: sent, now });
        if (answered !== undefined)
          responseDelivered(change, answered, { source: { type: "Message", reference: id }, now });
        closeIntent(change, intent);
        change.add("counters", "sent", 1);
        recordResult(account, change, { tag: tagOf(intent), result: facts.result ?? message });
        return allow(message);
      },
    });
  },

  refused: (account, intent, answer): Promise<Outcome<unknown>> =>
    intent.facts["result"] === undefined
      ? closeUndelivered(account, intent, answer)
      : closeUntold(account, intent, answer),

  async look(account, { call }): Promise<Sighting> {
    const { body } = JSON.parse(call.body) as { body: string };
    for (let page = 1, pages = 1; page <= pages; page += 1) {
      if (page > searchedPagesMax) throw fault("relay.unreachable", "There are too many Messages to search.");
      const query = page === 1 ? {} : { pageNumber: String(page) };
      const answer = await account.transport.call({ operation: "listMessages", query }, account.session);
      if (!answer.ok) throw fault("relay.unreachable", `The relay could not list Messages: ${answer.error.message}`);
      const messages = Array.isArray(answer.result) ? (answer.result as unknown as WireMessage[]) : [];
      const sent = messages.find((one) => isOwn(account, one, body));
      if (sent !== undefined) return { done: { id: sent.id, createdAt: sent.createdAt } };
      pages = answer.pagination?.totalPages ?? 1;
    }
    return "undone";
  },
};

// A body is sealed once, under a key and a counter of its own: nobody else sends the same.
function isOwn({ self, record }: Account, { createdBy, createdByDevice, body }: WireMessage, sealed: string): boolean {
  return createdBy === self && createdByDevice === record.deviceId && isSameBase64(sealed, body);
}

type SentFacts = {
  readonly content: JsonObject;
  readonly recipients: MessageRecord["recipients"];
  readonly attachments?: readonly string[];
  readonly carries?: string;
  readonly answers?: string;
  readonly result?: JsonObject;
};

async function requestOf(account: Account, reads: Reads, id: string): Promise<RequestRecord | undefined> {
  return (await reads.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document;
}

function sentMessage(account: Account, sent: { id: string; createdAt: string; facts: SentFacts }): MessageRecord {
  return {
    id: sent.id,
    isOwn: true,
    content: sent.facts.content,
    createdBy: account.self,
    createdByDevice: account.record.deviceId,
    createdAt: sent.createdAt,
    recipients: sent.facts.recipients,
    attachments: sent.facts.attachments ?? [],
  };
}
