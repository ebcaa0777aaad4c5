import { accountTurn } from "../engine/change.ts";
import { type CommandOptions, type CommandTag, once } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { relationshipWith } from "../engine/deciding-facts.ts";
import { hasOpenIntent, inProgress } from "../engine/intents.ts";
import { postLetter, sealLetter } from "../engine/outgoing-message.ts";
import { perform } from "../engine/performing.ts";
import type { MessageView } from "../engine/present.ts";
import { isRelationship } from "../engine/relationship-state.ts";
import { afterClock, moveOutgoing } from "../engine/request-state.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { messageRecipientsMax } from "../limits.ts";
import { type MessageContent, parseMessageContent } from "../model/contents.ts";
import { newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord, MessageRecord, RelationshipRecord, RequestRecord } from "../model/records.ts";
import { isSameJson } from "../model/same-json.ts";
import type { Reads } from "../turn/turn.ts";
import { atTheDoor, id, isText, jsonObject, listOptions, options, query } from "./door.ts";
import { type ListOptions, list, type Query, same } from "./listing.ts";

/** Input of `messages.send`. */
export interface NewMessage {
  /** Addresses; at least one, each once. */
  readonly recipients: readonly string[];
  /** A Request, a ResponseWrapper, or ArbitraryMessageContent. */
  readonly content: JsonObject;
}

/** Messages of one account (spec/domain.md 8.1). */
export interface Messages {
  /** Sends end-to-end encrypted. Refuses with the codes of 8.1, in its order. */
  send(input: NewMessage, options?: CommandOptions): Promise<MessageView>;
  get(id: string): Promise<MessageView>;
  find(query?: Query, options?: ListOptions): Promise<MessageView[]>;
}

const fields = same(
  "id",
  "isOwn",
  "createdBy",
  "createdByDevice",
  "createdAt",
  "content.@type",
  "recipients.address",
  "recipients.relationshipId",
);

/** The service of one account. */
export function createMessages(account: Account): Messages {
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
    async get(id) {
      const stored = await account.store.get<MessageRecord>(keyOf(account.id, "messages", id));
      if (stored === undefined) throw fault("error.runtime.recordNotFound", `There is no Message ${id}. Check the id.`);
      return stored.document;
    },
    find: (wanted, part) => list<MessageRecord>(account, { kind: "messages", fields, query: wanted, options: part }),
  };
  return atTheDoor(service, { send: [jsonObject("input"), options], get: [id], find: [query, listOptions] });
}

const invalid = "error.runtime.validation.invalidPropertyValue";

async function send(account: Account, input: NewMessage, tag: CommandTag): Promise<Outcome<MessageView>> {
  const shape = shapeRefusal(input);
  if (shape !== undefined) return { ok: false, refusal: shape };
  const parsed = parseMessageContent(input.content, account.kinds);
  if (!parsed.ok) return parsed;
  const content = parsed.value;
  if (content["@type"] === "Request" && input.recipients.length !== 1) {
    return refuse(invalid, "recipients: a Request goes to exactly one recipient.");
  }
  const carries = content["@type"] === "Request" ? String((content as { id?: string }).id ?? "") : undefined;
  const entity = carries === undefined || carries === "" ? newId("NEW", account.entropy) : carries;
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
  const refusal =
    recipientsRefusal(relationships) ??
    (carries === undefined ? undefined : requestRefusal({ stored, content, to: input.recipients[0] ?? "", now }));
  if (refusal !== undefined || isBusy) return { refusal, isBusy, sealed: undefined };
  const recipients = relationships.flatMap(([, relationship]) => (relationship === undefined ? [] : [relationship]));
  const carried = carries === undefined ? {} : { carries };
  const letter = { entity, content: content as unknown as JsonObject, recipients, ...carried, tag };
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

type Recipient = readonly [string, RelationshipRecord | undefined];

// Rows 3 to 6 of 8.1; each lists every offending address.
function recipientsRefusal(recipients: readonly Recipient[]): Refusal | undefined {
  const offending = (is: (relationship: RelationshipRecord | undefined) => boolean) =>
    recipients.filter(([, relationship]) => is(relationship)).map(([address]) => address);
  const refusal = (code: Refusal["code"], addresses: string[], why: string): Refusal | undefined =>
    addresses.length === 0 ? undefined : { code, message: `${addresses.join(", ")} ${why}.`, details: { addresses } };
  const deletion = (status: string) => offending((one) => one?.peerDeletionInfo?.deletionStatus === status);
  return (
    refusal(
      "error.runtime.messages.hasNoActiveRelationship",
      offending((one) => one === undefined || !isRelationship(one, "messages")),
      "has no Active Relationship with this account",
    ) ??
    refusal("error.runtime.messages.peerIsInDeletion", deletion("ToBeDeleted"), "is about to be deleted") ??
    refusal("error.transport.messages.peerIsDeleted", deletion("Deleted"), "was deleted")
  );
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
