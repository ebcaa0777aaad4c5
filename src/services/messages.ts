import { accountTurn } from "../engine/change.ts";
import { type CommandOptions, type CommandTag, once } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { relationshipWith } from "../engine/deciding-facts.ts";
import type { FileView } from "../engine/file-view.ts";
import { hasOpenIntent, inProgress } from "../engine/intents.ts";
import { postLetter, sealLetter } from "../engine/outgoing-message.ts";
import { perform } from "../engine/performing.ts";
import type { MessageView } from "../engine/present.ts";
import { recipientsRefusal } from "../engine/recipients.ts";
import { afterClock, moveOutgoing } from "../engine/request-state.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { messageRecipientsMax } from "../limits.ts";
import { type MessageContent, parseMessageContent } from "../model/contents.ts";
import { newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, participantField } from "../model/keys.ts";
import { addressingProblem, type Mail } from "../model/mail.ts";
import { type Notification, notificationItemProblem, unknownItem } from "../model/notification.ts";
import type { IntentRecord, MessageRecord, RequestRecord } from "../model/records.ts";
import { isSameJson } from "../model/same-json.ts";
import type { Reads } from "../turn/turn.ts";
import { atTheDoor, id, isText, jsonObject, listOptions, options, query, text } from "./door.ts";
import { someOf } from "./field-reading.ts";
import type { DownloadedFile } from "./files.ts";
import { each, found, type List, type Listed, type ListOptions, type Query, same } from "./listing.ts";
import { attachmentOf, attachmentsRefusal, downloadAttachmentOf, gatherAttachments } from "./message-attachments.ts";
import { markMessage } from "./message-marks.ts";

/** Input of `messages.send`. */
export interface NewMessage {
  /** Addresses; at least one, each once. */
  readonly recipients: readonly string[];
  /** A Mail, a Request, a ResponseWrapper, a Notification, or ArbitraryMessageContent. */
  readonly content: JsonObject;
  /** Ids of Files that are known here; their keys go to the recipients. */
  readonly attachments?: readonly string[];
}

/** Messages of one account (spec/domain.md 8.1). */
export interface Messages {
  /** Sends end-to-end encrypted. Refuses with the codes of 8.1, in its order. */
  send(input: NewMessage, options?: CommandOptions): Promise<MessageView>;
  get(id: string): Promise<MessageView>;
  find(query?: Query, options?: ListOptions): Promise<MessageView[]>;
  /** The same one by one, complete without a limit. */
  each(query?: Query, options?: ListOptions): AsyncIterable<Listed<MessageView>>;
  /** A File that the Message carries. Fault: `error.runtime.messages.fileNotFoundInMessage`. */
  attachment(messageId: string, fileId: string): Promise<FileView>;
  downloadAttachment(messageId: string, fileId: string): Promise<DownloadedFile>;
  /** Notes when it was read; the sender is not told. */
  markAsRead(id: string, options?: CommandOptions): Promise<MessageView>;
  markAsUnread(id: string, options?: CommandOptions): Promise<MessageView>;
}

const fields = {
  ...same(
    "id",
    "isOwn",
    "createdBy",
    "createdByDevice",
    "createdAt",
    "content.@type",
    "content.body",
    "content.bodyFormat",
    "content.subject",
    "wasReadAt",
    "recipients.address",
    "recipients.relationshipId",
  ),
  contentType: "content.@type",
  contentBody: "content.body",
  contentSubject: "content.subject",
  attachments: someOf("attachments"),
  participant: participantField,
};

const list: List<MessageRecord, MessageView> = { kind: "messages", fields, view: (record) => record, isWhole: true };

/** The service of one account. */
export function createMessages(account: Account): Messages {
  const read = async (id: string) => {
    const stored = await account.store.get<MessageRecord>(keyOf(account.id, "messages", id));
    if (stored === undefined) throw fault("error.runtime.recordNotFound", `There is no Message ${id}. Check the id.`);
    return stored.document;
  };
  const marking = (name: string, isRead: boolean) => (id: string, given?: CommandOptions) =>
    once<MessageView>(
      account,
      { name: `messages.${name}`, input: { id }, options: given },
      { run: (tag) => markMessage(account, { id, isRead }, tag), replay: () => read(id) },
    );

  const service: Messages = {
    send: (input, given) =>
      once<MessageView>(
        account,
        { name: "messages.send", input, options: given },
        {
          run: (tag) => send(account, input, tag),
          replay: async (stored) => stored as unknown as MessageView,
        },
      ),
    get: read,
    find: (query, options) => found(account, list, { query, options }),
    each: (query, options) => each(account, list, { query, options }),
    attachment: async (messageId, fileId) => attachmentOf(account, await read(messageId), fileId),
    downloadAttachment: async (messageId, fileId) => downloadAttachmentOf(account, await read(messageId), fileId),
    markAsRead: marking("markAsRead", true),
    markAsUnread: marking("markAsUnread", false),
  };
  return atTheDoor(service, {
    send: [jsonObject("input"), options],
    get: [id],
    find: [query, listOptions],
    each: [query, listOptions],
    attachment: [text("messageId"), text("fileId")],
    downloadAttachment: [text("messageId"), text("fileId")],
    markAsRead: [id, options],
    markAsUnread: [id, options],
  });
}

const invalid = "error.runtime.validation.invalidPropertyValue";

async function send(account: Account, input: NewMessage, tag: CommandTag): Promise<Outcome<MessageView>> {
  const shape = shapeRefusal(input) ?? attachmentsRefusal(input.attachments);
  if (shape !== undefined) return { ok: false, refusal: shape };
  const parsed = parseMessageContent(input.content, account.kinds);
  if (!parsed.ok) return parsed;
  const content = parsed.value;
  if (content["@type"] === "Request" && input.recipients.length !== 1) {
    return refuse(invalid, "recipients: a Request goes to exactly one recipient.");
  }
  const notification = content["@type"] === "Notification" ? (content as Notification) : undefined;
  const informing = notification === undefined ? undefined : notificationRefusal(notification, input.recipients);
  if (informing !== undefined) return { ok: false, refusal: informing };
  const carries = content["@type"] === "Request" ? String((content as { id?: string }).id ?? "") : undefined;
  const entity =
    notification?.id ?? (carries === undefined || carries === "" ? newId("NEW", account.entropy) : carries);
  return account.lanes.run(entity, async () => {
    const begun = await accountTurn<Gathered, IntentRecord>(account, {
      gather: (reads) => gather(account, reads, { input, content, entity, carries, tag }),
      plan({ refusal, isBusy, sealed }, change) {
        if (refusal !== undefined) return { ok: false, refusal };
        if (isBusy) return inProgress(entity);
        if (sealed === undefined || !sealed.ok) return sealed ?? refuse("error.runtime.unknown", "Nothing was sealed.");
        postLetter(account, change, sealed.value);
        return allow(sealed.value.intent);
      },
    });
    return begun.ok ? perform<MessageRecord>(account, begun.value) : begun;
  });
}

interface Sending {
  readonly input: NewMessage;
  readonly content: MessageContent;
  readonly entity: string;
  readonly carries: string | undefined;
  readonly tag: CommandTag;
}

interface Gathered {
  readonly refusal: Refusal | undefined;
  readonly isBusy: boolean;
  readonly sealed: Awaited<ReturnType<typeof sealLetter>> | undefined;
}

async function gather(account: Account, reads: Reads, sending: Sending): Promise<Gathered> {
  const { input, content, entity, carries, tag } = sending;
  const now = instantOf(account.clock.now());
  const isBusy = await hasOpenIntent(account, reads, entity);
  const relationships = [];
  for (const address of input.recipients) {
    relationships.push([address, await relationshipWith(account, reads, address)] as const);
  }
  const stored =
    carries === undefined
      ? undefined
      : (await reads.get<RequestRecord>(keyOf(account.id, "requests", carries)))?.document;
  const isNotification = content["@type"] === "Notification";
  const refusal =
    recipientsRefusal(relationships, isNotification) ??
    (isNotification ? await knownRefusal(account, reads, entity) : undefined) ??
    mailRefusal(content, input.recipients) ??
    (carries === undefined ? undefined : requestRefusal({ stored, content, to: input.recipients[0] ?? "", now }));
  if (refusal !== undefined || isBusy) return { refusal, isBusy, sealed: undefined };
  const recipients = relationships.flatMap(([, relationship]) => (relationship === undefined ? [] : [relationship]));
  const attached = await gatherAttachments(account, reads, input.attachments ?? []);
  if (!attached.ok) return { refusal: attached.refusal, isBusy, sealed: undefined };
  const carried = carries === undefined ? {} : { carries };
  const attachments = attached.value;
  const letter = { entity, content: content as unknown as JsonObject, recipients, attachments, ...carried, tag };
  return { refusal, isBusy, sealed: await sealLetter(account, reads, letter) };
}

function shapeRefusal({ recipients }: NewMessage): Refusal | undefined {
  if (!Array.isArray(recipients) || recipients.length < 1 || !recipients.every(isText)) {
    return { code: invalid, message: "recipients must list at least one address." };
  }
  if (new Set(recipients).size !== recipients.length) {
    return { code: invalid, message: "recipients must name each address once." };
  }
  if (recipients.length <= messageRecipientsMax) return undefined;
  return { code: invalid, message: `recipients must list at most ${messageRecipientsMax} addresses.` };
}

function notificationRefusal({ items }: Notification, recipients: readonly string[]): Refusal | undefined {
  if (recipients.length !== 1)
    return { code: invalid, message: "recipients: a Notification goes to exactly one recipient." };
  for (const item of items) {
    const problem = notificationItemProblem(item);
    if (problem === undefined) continue;
    const code = problem === unknownItem ? "error.runtime.unknownType" : invalid;
    return { code, message: `content.items: ${item["@type"]} ${problem}.` };
  }
  return undefined;
}

async function knownRefusal(account: Account, reads: Reads, id: string): Promise<Refusal | undefined> {
  if ((await reads.get(keyOf(account.id, "notifications", id))) === undefined) return undefined;
  return { code: invalid, message: `content.id: there is a Notification ${id} already. Choose a new id.` };
}

// Row 7 of 8.1.
function mailRefusal(content: MessageContent, recipients: readonly string[]): Refusal | undefined {
  const problem = content["@type"] === "Mail" ? addressingProblem(content as Mail, recipients) : undefined;
  return problem === undefined ? undefined : { code: invalid, message: `content: ${problem}.` };
}

// Rows 8 to 13 of 8.1.
function requestRefusal(asked: {
  stored: RequestRecord | undefined;
  content: MessageContent;
  to: string;
  now: string;
}): Refusal | undefined {
  const { stored, content, to, now } = asked;
  const id = (content as { id?: string }).id;
  if (id === undefined)
    return { code: invalid, message: "content.id is missing. Create the Request first and send its content." };
  if (stored?.isOwn !== true) {
    return { code: "error.runtime.recordNotFound", message: `There is no outgoing LocalRequest ${id}.` };
  }
  if (!isSameJson(content as unknown as JsonObject, stored.content)) {
    return { code: invalid, message: `content differs from the LocalRequest ${id}. Send it as it was created.` };
  }
  const current = afterClock(stored, now).record;
  if (current.status === "Expired") {
    const code = "error.runtime.messages.cannotSendMessageWithExpiredRequest";
    return { code, message: `The Request ${id} has expired. Create a new one.` };
  }
  if (stored.peer !== to)
    return { code: invalid, message: `recipients: the Request ${id} was created for ${stored.peer}.` };
  const moved = moveOutgoing(current, { type: "request.sent" }, now);
  return moved.ok ? undefined : moved.refusal;
}
