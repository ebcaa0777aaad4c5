// Messages of peers (spec/domain.md 8.1): opened, verified, stored, and what they carry is received or completed.
import { isCode } from "../errors/catalogue.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { parseMessageContent } from "../model/contents.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type {
  MessageRecord,
  NotificationRecord,
  PeerRecord,
  RelationshipRecord,
  RequestRecord,
} from "../model/records.ts";
import type { Request } from "../model/request.ts";
import type { ResponseWrapper } from "../model/response.ts";
import type { RelationshipSecrets } from "../sealed/channels.ts";
import { type MessageText, openMessage } from "../sealed/message.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireExternalEvent, WireMessage } from "../wire/shapes.ts";
import { accountTurn, type Change } from "./change.ts";
import type { Account } from "./context.ts";
import { type Attached, attachmentsReader, keepAttached, nothingAttached } from "./inbox-attachments.ts";
import { announceMail, isFromErased } from "./inbox-mail.ts";
import { mark } from "./inbox-marks.ts";
import { type Known, nothingKnown } from "./knowledge.ts";
import { receiveNotification } from "./notification-records.ts";
import {
  type Completion,
  completeFromMessage,
  createAndComplete,
  gatherApplying,
  gatherTemplateAnswer,
} from "./outgoing-completion.ts";
import { mayReceive, receive } from "./receive.ts";
import { isPassing } from "./relay-refusals.ts";
import { afterClock } from "./request-state.ts";
import { readSecret } from "./vault.ts";

/** Reads a message from the relay, which stamps it as received. */
export async function fetchMessage(account: Account, id: string): Promise<Outcome<WireMessage>> {
  const answer = await account.transport.call({ operation: "getMessage", params: { id } }, account.session);
  if (answer.ok) return allow(answer.result as unknown as WireMessage);
  const { code, message } = answer.error;
  if (isPassing(answer)) throw fault("relay.unreachable", `The relay could not answer: ${message}`);
  return refuse(isCode(code) ? code : "relay.refused", message);
}

/** Stores the message and does what it carries, in one commit with the mark of its event. */
export function applyMessage(
  account: Account,
  wire: WireMessage,
  events: readonly WireExternalEvent[],
): Promise<Outcome<MessageRecord | undefined>> {
  const attachedIn = attachmentsReader(account);
  return accountTurn(account, {
    async gather(reads) {
      const seen = await gather(account, reads, { wire, events });
      const attached =
        seen.opened?.ok === true ? await attachedIn(reads, seen.opened.value.attachments) : nothingAttached;
      return extended(seen, { attached });
    },
    plan: (seen, change) => plan(account, change, { seen, wire, events }),
  });
}

type Seen = Awaited<ReturnType<typeof gather>> & { readonly attached: Attached };

async function gather(
  account: Account,
  reads: Reads,
  { wire, events }: { wire: WireMessage; events: readonly WireExternalEvent[] },
) {
  const now = instantOf(account.clock.now());
  const marks = await Promise.all(events.map((event) => reads.get(keyOf(account.id, "inbox", event.id))));
  const known = (await reads.get(keyOf(account.id, "messages", wire.id))) !== undefined;
  const isDone = known || (marks.length > 0 && marks.every(Boolean));
  const peer = (await reads.get<PeerRecord>(keyOf(account.id, "peers", wire.createdBy)))?.document;
  const relationship =
    peer?.existing === undefined
      ? undefined
      : (await reads.get<RelationshipRecord>(keyOf(account.id, "relationships", peer.existing)))?.document;
  const opened = isDone ? undefined : await open(account, reads, { wire, relationship });
  const content = opened?.ok === true ? parseMessageContent(opened.value.content, account.kinds) : undefined;
  const carried =
    content?.ok === true
      ? await gatherCarried(account, reads, {
          content: content.value as unknown as JsonObject,
          from: wire.createdBy,
        })
      : undefined;
  return { now, isDone, relationship, opened, content, carried };
}

async function open(
  account: Account,
  reads: Reads,
  { wire, relationship }: { wire: WireMessage; relationship: RelationshipRecord | undefined },
): Promise<Outcome<MessageText>> {
  const own = wire.recipients.find(({ address }) => address === account.self);
  const secrets =
    relationship === undefined
      ? undefined
      : await readSecret<RelationshipSecrets & JsonObject>(account, reads.peek, `relationship-${relationship.id}`);
  if (own === undefined || wire.body === undefined || secrets?.receiveKey === undefined) {
    return refuse(
      "error.transport.recordNotFound",
      `There is no Relationship with ${wire.createdBy} that opens ${wire.id}.`,
    );
  }
  return openMessage(
    account.crypto,
    { body: wire.body, encryptedKey: own.encryptedKey },
    { self: account.self, secrets },
  );
}

type Carried =
  | { readonly kind: "notification"; readonly known: NotificationRecord | undefined }
  | { readonly kind: "request"; readonly request: Request; readonly known: RequestRecord | undefined }
  | {
      readonly kind: "response";
      readonly wrapper: ResponseWrapper;
      readonly known: RequestRecord | undefined;
      readonly documents: Known;
    }
  | {
      readonly kind: "templateResponse";
      readonly wrapper: ResponseWrapper;
      readonly completion: Completion | undefined;
    }
  | undefined;

async function gatherCarried(
  account: Account,
  reads: Reads,
  { content, from }: { readonly content: JsonObject; readonly from: string },
): Promise<Carried> {
  const requestOf = async (id: string) => (await reads.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document;
  if (content["@type"] === "Request") {
    const request = content as unknown as Request;
    return { kind: "request", request, known: await requestOf(request.id ?? "") };
  }
  if (content["@type"] === "Notification") {
    const key = keyOf(account.id, "notifications", String(content["id"]));
    return { kind: "notification", known: (await reads.get<NotificationRecord>(key))?.document };
  }
  if (content["@type"] !== "ResponseWrapper") return undefined;
  const wrapper = content as unknown as ResponseWrapper;
  if (wrapper.requestSourceType === "Message") {
    const { response } = wrapper;
    const known = await requestOf(wrapper.requestId);
    const documents =
      known === undefined ? nothingKnown : await gatherApplying(account, reads, { record: known, response });
    return { kind: "response", wrapper, known, documents };
  }
  const origin = content["requestOrigin"];
  const completion = await gatherTemplateAnswer(account, reads, {
    templateId: wrapper.requestSourceReference,
    response: wrapper.response,
    origin: typeof origin === "string" ? origin : undefined,
    from,
  });
  return { kind: "templateResponse", wrapper, completion };
}

function plan(
  account: Account,
  change: Change,
  { seen, wire, events }: { seen: Seen; wire: WireMessage; events: readonly WireExternalEvent[] },
): Outcome<MessageRecord | undefined> {
  if (seen.isDone) {
    mark(change, events);
    return allow(undefined);
  }
  if (seen.opened === undefined || !seen.opened.ok) {
    if (!isFromErased(account, wire)) return seen.opened ?? allow(undefined);
    // Nobody knows any more which keys open it, and no later look will tell.
    account.log.write("warn", "A Message is gone: its sender was erased before it was read.", { message: wire.id });
    mark(change, events);
    return allow(undefined);
  }
  mark(change, events);
  const text = seen.opened.value;
  const content = seen.content?.ok === true ? (seen.content.value as unknown as JsonObject) : arbitrary(text.content);
  const message = messageRecord(account, { wire, content, seen });
  change.put("messages", message.id, message);
  keepAttached(account, change, seen.attached);
  change.event("transport.messageReceived", () => message);
  const result = carry(account, change, { seen, message });
  if (result !== undefined) change.event("consumption.messageProcessed", () => ({ message, result }));
  if (content["@type"] === "Mail" && seen.relationship !== undefined)
    announceMail(account, change, { message, relationship: seen.relationship });
  return allow(message);
}

function messageRecord(
  account: Account,
  { wire, content, seen }: { wire: WireMessage; content: JsonObject; seen: Seen },
): MessageRecord {
  const { id, createdBy, createdByDevice, createdAt } = wire;
  const recipients = wire.recipients.map(({ address, receivedAt, receivedByDevice }) => ({
    address,
    ...(seen.relationship === undefined || address !== account.self ? {} : { relationshipId: seen.relationship.id }),
    ...(receivedAt === null ? {} : { receivedAt }),
    ...(receivedByDevice === null ? {} : { receivedByDevice }),
  }));
  const attachments = seen.attached.ids;
  return { id, isOwn: false, content, createdBy, createdByDevice, createdAt, recipients, attachments };
}

// What no type of ours fits is shown as arbitrary content (spec/backbone-protocol.md 10.1).
function arbitrary(content: JsonObject): JsonObject {
  return { "@type": "ArbitraryMessageContent", value: content };
}

// The result of messageProcessed, or undefined when it follows with the decision.
function carry(
  account: Account,
  change: Change,
  { seen, message }: { seen: Seen; message: MessageRecord },
): string | undefined {
  const { carried, now, content, relationship } = seen;
  if (content?.ok === false && isTyped(message)) return "Error";
  if (carried === undefined || relationship === undefined) return "NoRequest";
  if (carried.kind === "notification") return receiveNotification(account, change, { known: carried.known, message });
  if (carried.kind === "request") return receiveRequest(account, change, { carried, message, now });
  const outcome =
    carried.kind === "response"
      ? completeFromMessage(account, change, {
          request: carried.known === undefined ? undefined : afterClock(carried.known, now).record,
          response: carried.wrapper.response,
          message: { id: message.id, createdAt: message.createdAt, from: message.createdBy },
          documents: carried.documents,
          now,
        })
      : carried.completion === undefined
        ? refuse("error.transport.recordNotFound", `No template of ours has the Request that ${message.id} answers.`)
        : createAndComplete(account, change, {
            completion: carried.completion,
            peer: relationship,
            source: { type: "Message", reference: message.id },
            respondedAt: message.createdAt,
            now,
          });
  if (outcome.ok) return "NoRequest";
  account.log.write("warn", "A Response was ignored.", { message: message.id, code: outcome.refusal.code });
  return "Error";
}

function isTyped(message: MessageRecord): boolean {
  const value = message.content["value"];
  const type = typeof value === "object" && value !== null && "@type" in value ? value["@type"] : undefined;
  return type === "Request" || type === "ResponseWrapper" || type === "Notification";
}

function receiveRequest(
  account: Account,
  change: Change,
  { carried, message, now }: { carried: Extract<Carried, { kind: "request" }>; message: MessageRecord; now: string },
): string | undefined {
  const { request, known } = carried;
  const source = { type: "Message", reference: message.id } as const;
  const arrival = { id: request.id ?? "", request, peer: message.createdBy, source, now };
  if (request.id === undefined || !mayReceive(arrival, known).ok) {
    account.log.write("warn", "A Request was not received.", { message: message.id, request: request.id ?? "none" });
    return "Error";
  }
  const record = receive(account, change, arrival);
  if (record.status === "ManualDecisionRequired") return "ManualRequestDecisionRequired";
  return undefined;
}
