/**
 * Messages (spec/backbone-protocol.md 12.4). Who may see one follows from the Relationships it was sent in, so a
 * decomposition changes no Message.
 *
 * M1. Unread Messages of one sender to one recipient are a counter; a Message is received once, and lowers it once.
 */

import { refuse } from "../errors/refusal.ts";
import {
  encryptedKeyBytesMax,
  encryptedKeyBytesMin,
  listMax,
  parkedEventsMax,
  unreceivedMessagesMax,
} from "../limits.ts";
import { extended } from "../model/extended.ts";
import { newId } from "../model/ids.ts";
import { hostOf, relayPseudonymOf } from "../sealed/address.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireMessage } from "../wire/shapes.ts";
import { type Asked, cut, type Handler, idOf, idsOf, notFound, pageOf, queryList, queryText, work } from "./asked.ts";
import { areThere, attachmentsIn } from "./attachments.ts";
import type { Caller } from "./caller.ts";
import type { Desk } from "./desk.ts";
import {
  type MessageDocument,
  messageKey,
  messagePath,
  type ParkedDocument,
  parkedKey,
  type RecipientDocument,
  type RelationshipDocument,
  relationshipKey,
  sentCounter,
  unreceivedCounter,
} from "./documents.ts";
import { createDraft, type Draft } from "./draft.ts";
import { eventOf } from "./events.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import { loadAll } from "./loading.ts";
import { countAgainstQuota } from "./quotas.ts";
import { is } from "./relationship-state.ts";
import { youngestOf } from "./relationships.ts";

const prefix = "error.platform.validation.message";

const tooManyUnread = refuse(
  `${prefix}.maxNumberOfUnreceivedMessagesReached`,
  `A recipient has ${unreceivedMessagesMax} unread Messages of yours.`,
);

interface Addressed {
  readonly address: string;
  readonly encryptedKey: string;
}

export const createMessage: Handler = (asked, desk, caller) => {
  const fields = fieldsOf(asked.body);
  const body = fields.base64("body", { min: 1 });
  const addressed = recipientsIn(fields, desk);
  const attachments = attachmentsIn(fields, asked.body["attachments"]);
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  const id = newId("MSG", desk.entropy);
  return work({
    gather: async (reads) => {
      const ways = [];
      for (const recipient of addressed) {
        const relationship = await youngestOf(reads, caller.address, recipient.address);
        const isHeld = relationship !== undefined && is(relationship, "relayHoldsMessages");
        const parked = isHeld ? await reads.get<ParkedDocument>(parkedKey(relationship.id)) : undefined;
        ways.push({ recipient, relationship, isHeld, parked: parked?.document.events ?? [] });
      }
      return { ways, hasAttachments: await areThere(reads, attachments, asked.nowMs) };
    },
    plan: ({ ways, hasAttachments }) => {
      const draft = createDraft();
      const recipients: RecipientDocument[] = [];
      for (const { recipient, relationship, isHeld, parked } of ways) {
        if (relationship === undefined) {
          return refuse(`${prefix}.noRelationshipToRecipientExists`, "There is no Relationship with a recipient.");
        }
        if (!is(relationship, "relayTakesMessages")) {
          return refuse(`${prefix}.relationshipToRecipientNotActive`, "The Relationship with a recipient has ended.");
        }
        if (parked.length >= parkedEventsMax) return tooManyUnread;
        const { address: to } = recipient;
        const relationshipId = relationship.id;
        recipients.push(extended(recipient, { relationshipId, receivedAt: null, receivedByDevice: null }));
        draft.add(unreceivedCounter(relationshipId, to), 1, unreceivedMessagesMax);
        const event = eventOf(asked, desk, { to, type: "MessageReceived", payload: { id }, relationshipId });
        if (isHeld) draft.put(parkedKey(relationshipId), { events: [...parked, event] });
        else draft.tell(event);
      }
      if (!hasAttachments) return notFound("File");
      draft.add(sentCounter(caller.deviceId), 1);
      const { address } = caller;
      countAgainstQuota(draft, desk, { address, metric: "NumberOfSentMessages", by: 1, nowMs: asked.nowMs });
      const message: MessageDocument = {
        id,
        createdAt: asked.now,
        createdBy: caller.address,
        createdByDevice: caller.deviceId,
        body,
        recipients,
        parties: [caller.address, ...recipients.map(({ address }) => address)],
      };
      draft.put(messageKey(id), attachments.length === 0 ? message : extended(message, { attachments }));
      return draft.answer({ id, createdAt: asked.now }, { exhausted: tooManyUnread.refusal });
    },
  });
};

/** Addresses become parts of keys, so nothing else may pass for one. */
function recipientsIn(fields: Fields, { settings }: Desk): readonly Addressed[] {
  const addressed = fields.objects("recipients", settings.messageRecipientsMax).map((recipient) => {
    const inner = fieldsOf(recipient);
    const address = inner.text("address");
    const encryptedKey = inner.base64("encryptedKey", { min: encryptedKeyBytesMin, max: encryptedKeyBytesMax });
    if (hostOf(address) === undefined) inner.fail("address", "an address");
    if (inner.problem !== undefined) fields.fail("recipients", `well formed: ${inner.problem.message}`);
    return { address, encryptedKey };
  });
  if (addressed.length === 0) fields.fail("recipients", "a list of at least one recipient");
  const addresses = new Set(addressed.map(({ address }) => address));
  if (addresses.size !== addressed.length) fields.fail("recipients", "a list of different addresses");
  return addressed;
}

/** The first read by a recipient stamps the time and the device. */
export const getMessage: Handler = (asked, desk, caller) => {
  const id = idOf(asked, "MSG");
  if (!id.ok) return id;
  const hasBody = queryText(asked, "noBody")?.toLowerCase() !== "true";
  return work({
    gather: (reads) => gatherSeen(reads, id.value, caller),
    plan: (facts) => {
      if (facts === undefined || !isVisible(facts, caller.address)) return notFound("Message");
      const draft = createDraft();
      const message = receive(asked, { draft, message: facts.message, caller });
      return draft.answer(wireMessage(desk, extended(facts, { message }), { caller, hasBody }));
    },
  });
};

export const listMessages: Handler = (asked, desk, caller) => {
  const page = pageOf(asked);
  if (!page.ok) return page;
  const ids = queryList(asked, "ids") === undefined ? undefined : idsOf(asked, "MSG");
  if (ids?.ok === false) return ids;
  return work({
    gather: async (reads) => {
      // Ids alone: bodies of all Messages need not fit into memory.
      const visible: string[] = [];
      const hasLeft = leaving(reads.peek, caller.address);
      for await (const message of candidates(reads, caller.address, ids?.value)) {
        const seen = { message, gone: await goneFor(hasLeft, message, caller.address) };
        if (isVisible(seen, caller.address)) visible.push(message.id);
      }
      const { items, pagination } = cut(visible, page.value);
      // Read again, so that the commit notices another device stamping the same.
      const fresh = await loadAll(
        items,
        (id) => gatherSeen(reads, id, caller),
        ({ message }) => [message.body],
      );
      return { fresh, pagination };
    },
    plan: ({ fresh, pagination }) => {
      if (!fresh.ok) return fresh;
      const draft = createDraft();
      const shown = fresh.value
        .filter((seen) => isVisible(seen, caller.address))
        .map((seen) => {
          const message = receive(asked, { draft, message: seen.message, caller });
          return wireMessage(desk, { ...seen, message }, { caller, hasBody: true });
        });
      return draft.answer(shown, pagination === undefined ? {} : { pagination });
    },
  });
};

async function* candidates(reads: Reads, address: string, ids: readonly string[] | undefined) {
  if (ids === undefined) {
    const where = { parties: [{ anyOf: [address] }] };
    const found = reads.find<MessageDocument>({ under: messagePath, where, limit: listMax });
    for await (const { document } of found) yield document;
    return;
  }
  for (const id of ids) {
    const message = await reads.peek<MessageDocument>(messageKey(id));
    if (message?.document.parties.includes(address)) yield message.document;
  }
}

/** A Message, and which of its Relationships the reader has left. */
interface Seen {
  readonly message: MessageDocument;
  readonly gone: ReadonlySet<string>;
}

/**
 * Reads a Message so that the commit checks it. A stamp also lowers a counter, which goes when the recipient and the sender
 * have left; so that none comes back, the commit that stamps checks the Relationship, too.
 */
async function gatherSeen(reads: Reads, id: string, { address }: Caller): Promise<Seen | undefined> {
  const message = (await reads.get<MessageDocument>(messageKey(id)))?.document;
  if (message === undefined) return undefined;
  const hasLeft = leaving(isUnread(message, address) ? reads.get : reads.peek, address);
  return { message, gone: await goneFor(hasLeft, message, address) };
}

type HasLeft = (relationshipId: string) => Promise<boolean>;

/** Says whether the reader has left a Relationship; asks once for each, since most Messages share few. */
function leaving(read: Reads["get"], address: string): HasLeft {
  const known = new Map<string, boolean>();
  return async (id) => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const relationship = await read<RelationshipDocument>(relationshipKey(id));
    const hasLeft = relationship?.document.decomposedBy.includes(address) !== false;
    known.set(id, hasLeft);
    return hasLeft;
  };
}

async function goneFor(hasLeft: HasLeft, { createdBy, recipients }: MessageDocument, address: string) {
  const gone = new Set<string>();
  for (const { address: recipient, relationshipId } of recipients) {
    if (createdBy !== address && recipient !== address) continue;
    if (await hasLeft(relationshipId)) gone.add(relationshipId);
  }
  return gone;
}

function isVisible({ message, gone }: Seen, address: string): boolean {
  const isSender = message.createdBy === address;
  return message.recipients.some((to) => (isSender || to.address === address) && !gone.has(to.relationshipId));
}

function isUnread({ createdBy, recipients }: MessageDocument, address: string): boolean {
  return createdBy !== address && recipients.some((to) => to.address === address && to.receivedAt === null);
}

function receive(asked: Asked, at: { draft: Draft; message: MessageDocument; caller: Caller }): MessageDocument {
  const { draft, message, caller } = at;
  if (!isUnread(message, caller.address)) return message;
  const recipients = message.recipients.map((to) => {
    if (to.address !== caller.address) return to;
    draft.add(unreceivedCounter(to.relationshipId, to.address), -1);
    return { ...to, receivedAt: asked.now, receivedByDevice: caller.deviceId };
  });
  const received = { ...message, recipients };
  draft.put(messageKey(message.id), received);
  return received;
}

/** A recipient sees itself alone; a sender sees a pseudonym for whom it has left. */
function wireMessage(desk: Desk, { message, gone }: Seen, view: { caller: Caller; hasBody: boolean }): WireMessage {
  const { id, createdAt, createdBy, createdByDevice, body, recipients, attachments = [] } = message;
  const isSender = createdBy === view.caller.address;
  const shown = recipients.flatMap(({ relationshipId, ...to }) => {
    if (!isSender) return to.address === view.caller.address ? [to] : [];
    return gone.has(relationshipId) ? [{ ...to, address: relayPseudonymOf(desk.crypto, desk.hostName) }] : [to];
  });
  const head = {
    id,
    createdAt,
    createdBy,
    createdByDevice,
    attachments: attachments.map((id) => ({ id })),
    recipients: shown,
  };
  return view.hasBody ? extended(head, { body }) : head;
}
