// External events about Relationships (spec/domain.md 3.6, 4.4): the relay's copy is read again and followed.

import { isCode } from "../errors/catalogue.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { pageSizeMax } from "../limits.ts";
import { parseCreationContent } from "../model/contents.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord, PeerRecord, RelationshipRecord, TemplateRecord } from "../model/records.ts";
import { openAcceptance, openRejection } from "../sealed/acceptance.ts";
import type { RelationshipSecrets } from "../sealed/channels.ts";
import { openCreation, type RequestSecrets } from "../sealed/creation.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireRelationshipWithContents as Wire, WireExternalEvent } from "../wire/shapes.ts";
import { accountTurn, type Change } from "./change.ts";
import type { Account } from "./context.ts";
import { adoptCreation } from "./creation.ts";
import { gatherAftermath, takeAftermath } from "./exchanged.ts";
import { mark } from "./inbox-marks.ts";
import { completeFromCreation, gatherCompletion } from "./outgoing-completion.ts";
import type { TemplateSecret } from "./present.ts";
import { announceRelationship } from "./receive.ts";
import { auditEntryOf, follow, newRelationshipState, peerAfter, strangerRecord } from "./relationship-state.ts";
import { isPassing } from "./relay-refusals.ts";
import { putSecret, readSecret } from "./vault.ts";

/** What the relay says of a Relationship: its copy, or why there is none for us. */
export type Fetched = Outcome<Wire>;

const gone = "error.platform.validation.relationship.relationshipAlreadyDecomposed";

/** Reads Relationships from the relay, several with one call where that is possible. */
export async function fetchRelationships(account: Account, ids: readonly string[]): Promise<Map<string, Fetched>> {
  const fetched = new Map<string, Fetched>();
  if (ids.length > 1) {
    for (let from = 0; from < ids.length; from += pageSizeMax) {
      const query = { ids: ids.slice(from, from + pageSizeMax), pageSize: String(pageSizeMax) };
      const answer = await account.transport.call({ operation: "listRelationships", query }, account.session);
      if (!answer.ok) throw unreachable(answer.error.message);
      for (const wire of answer.result as unknown as Wire[]) fetched.set(wire.id, allow(wire));
    }
  }
  for (const id of ids) if (!fetched.has(id)) fetched.set(id, await fetchOne(account, id));
  return fetched;
}

async function fetchOne(account: Account, id: string): Promise<Fetched> {
  const answer = await account.transport.call({ operation: "getRelationship", params: { id } }, account.session);
  if (answer.ok) return allow(answer.result as unknown as Wire);
  if (isPassing(answer)) throw unreachable(answer.error.message);
  const { code, message } = answer.error;
  return refuse(isCode(code) ? code : "relay.refused", message);
}

function unreachable(message: string): Error {
  return fault("relay.unreachable", `The relay could not answer: ${message} The sync goes on with the next call.`);
}

/** One look at a Relationship and the events that asked for it; no events when it is a look of our own. */
export interface Look {
  readonly id: string;
  readonly fetched: Fetched | undefined;
  readonly events: readonly WireExternalEvent[];
}

/** Brings the stored Relationship up to the relay's copy. The value is the record when something changed. */
export async function applyRelationship(
  account: Account,
  look: Look,
): Promise<Outcome<RelationshipRecord | undefined>> {
  const { id, fetched } = look;
  if (fetched?.ok === true) {
    const { from, to } = fetched.value;
    await endEarlier(account, from === account.self ? to : from, id);
  }
  return account.lanes.run(look.id, async () => {
    if (look.fetched?.ok === true) await adoptCreation(account, look.fetched.value);
    return accountTurn(account, {
      gather: (reads) => gather(account, reads, look),
      plan: (seen, change) => plan(account, change, { seen, look }),
    });
  });
}

/** R1. That there is a new Relationship says that the one before has ended, which may be news here: it is shown as ended first. */
export async function endEarlier(account: Account, peer: string, created: string): Promise<void> {
  const id = (await account.store.get<PeerRecord>(keyOf(account.id, "peers", peer)))?.document.existing;
  if (id === undefined || id === created) return;
  if ((await account.store.get(keyOf(account.id, "relationships", created))) !== undefined) return;
  const fetched = (await fetchRelationships(account, [id])).get(id);
  const ended = await applyRelationship(account, { id, fetched, events: [] });
  if (ended.ok) return;
  const { code } = ended.refusal;
  account.log.write("warn", "A Relationship has ended and could not be shown as ended.", { id, code });
}

type Seen = Awaited<ReturnType<typeof gather>>;

async function gather(account: Account, reads: Reads, { id, fetched, events }: Look) {
  const marks = await Promise.all(events.map((event) => reads.get(keyOf(account.id, "inbox", event.id))));
  const known = (await reads.get<RelationshipRecord>(keyOf(account.id, "relationships", id)))?.document;
  const wire = fetched?.ok === true ? fetched.value : undefined;
  const peerAddress =
    known?.peer ?? (wire === undefined ? undefined : wire.from === account.self ? wire.to : wire.from);
  const peer =
    peerAddress === undefined
      ? undefined
      : ((await reads.get<PeerRecord>(keyOf(account.id, "peers", peerAddress)))?.document ??
        strangerRecord(peerAddress));
  const opened =
    wire === undefined
      ? undefined
      : known === undefined
        ? await openUnknown(account, reads, wire)
        : allow({ created: undefined, answer: await openAnswer(account, reads, { known, wire }) });
  const created = opened?.ok === true ? opened.value.created : undefined;
  const completion = created === undefined ? undefined : await gatherCompletion(account, reads, created.record);
  const now = instantOf(account.clock.now());
  const before = known ?? created?.record;
  const followed =
    before === undefined || wire === undefined
      ? undefined
      : follow(before, wire.auditLog, { self: account.self, seen: "syncing" });
  const exchanged =
    before === undefined || followed?.ok !== true
      ? undefined
      : await gatherAftermath(account, reads, { before, after: followed.value.record });
  const isDone = marks.length > 0 && marks.every(Boolean);
  return { isDone, known, peer, opened, completion, followed, exchanged, now };
}

type Created = { readonly record: RelationshipRecord };
type Answer = { readonly secrets?: RelationshipSecrets; readonly content?: JsonObject } | undefined;

// A creation for one of our templates. It is Pending first, whatever happened since (spec/backbone-protocol.md 13.1).
async function openUnknown(
  account: Account,
  reads: Reads,
  wire: Wire,
): Promise<Outcome<{ created: Created | undefined; answer: Answer }>> {
  const { id, from, to, relationshipTemplateId: templateId, creationContent } = wire;
  if (to !== account.self) return openOwn(account, reads, wire);
  const template =
    templateId === null
      ? undefined
      : (await reads.get<TemplateRecord>(keyOf(account.id, "templates", templateId)))?.document;
  const secret =
    templateId === null
      ? undefined
      : await readSecret<TemplateSecret & JsonObject>(account, reads.peek, `template-${templateId}`);
  if (template === undefined || secret?.privateKey === undefined || creationContent === null) {
    return refuse(
      "error.transport.recordNotFound",
      `The template of ${id} is not here; the creation cannot be opened.`,
    );
  }
  const templateKey = { publicKey: template.templateKey.publicKey, privateKey: secret.privateKey };
  const opened = openCreation(account.crypto, creationContent, { templateKey, templateId: template.id, from });
  if (!opened.ok) return opened;
  const { content, identity, request } = opened.value;
  const shown = parseCreationContent(content, account.kinds, { received: true });
  if (!shown.ok) return shown;
  const [first] = wire.auditLog.toSorted((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
  const record: RelationshipRecord = {
    id,
    templateId: template.id,
    status: "Pending",
    peer: from,
    peerIdentity: { address: identity.address, publicKey: identity.publicKey },
    creationContent: shown.value as unknown as JsonObject,
    auditLog: first === undefined ? [] : [auditEntryOf(first)],
    role: "templator",
    publicRequest: request,
    state: newRelationshipState(),
  };
  return allow({ created: { record }, answer: undefined });
}

// Our own creation, and not one that was adopted: while an intent is open, its answer may still bring it.
async function openOwn(
  account: Account,
  reads: Reads,
  { id, to }: Wire,
): Promise<Outcome<{ created: undefined; answer: Answer }>> {
  const intent = await reads.peek<IntentRecord>(keyOf(account.id, "intents", `peer-${to}`));
  if (intent !== undefined) return allow({ created: undefined, answer: undefined });
  return refuse("error.transport.recordNotFound", `The Relationship ${id} was created by this identity elsewhere.`);
}

// The templator's answer, read once by the initiator: the final keys and what it wanted to say.
async function openAnswer(
  account: Account,
  reads: Reads,
  { known, wire }: { known: RelationshipRecord; wire: Wire },
): Promise<Outcome<Answer>> {
  const { creationResponseContent } = wire;
  const isAwaited = known.role === "initiator" && known.auditLog.length === 1 && wire.auditLog.length > 1;
  if (!isAwaited || creationResponseContent === null) return allow(undefined);
  const secrets = await readSecret<RequestSecrets & JsonObject>(account, reads.peek, `relationship-${known.id}`);
  if (secrets === undefined) return refuse("error.transport.recordNotFound", `The keys of ${known.id} are missing.`);
  const expected = { secrets, relationshipId: known.id };
  if (wire.auditLog.some(({ reason }) => reason === "RejectionOfCreation")) {
    const rejection = openRejection(account.crypto, creationResponseContent, expected);
    if (!rejection.ok) return rejection;
    return allow(rejection.value === undefined ? {} : { content: rejection.value });
  }
  return openAcceptance(account.crypto, creationResponseContent, expected);
}

function plan(
  account: Account,
  change: Change,
  { seen, look }: { seen: Seen; look: Look },
): Outcome<RelationshipRecord | undefined> {
  const { isDone, known, peer, opened, followed, exchanged, now } = seen;
  if (isDone) return allow(undefined);
  mark(change, look.events);
  if (look.fetched === undefined || peer === undefined || opened === undefined) return withoutCopy(look);
  if (!look.fetched.ok) return look.fetched;
  if (!opened.ok) return opened;
  const { created } = opened.value;
  const before = known ?? created?.record;
  if (before === undefined || followed === undefined) return allow(undefined);
  const answer: Outcome<Answer> =
    opened.value.answer === undefined ? allow(undefined) : (opened.value.answer as Outcome<Answer>);
  if (!answer.ok) return answer;

  const deletion = peerDeletion(change, look.events);
  if (created !== undefined) announceRelationship(change, created.record, ["relationshipChanged"]);
  if (!followed.ok) return followed;
  const { grew, announcements } = followed.value;
  if (!grew && created === undefined && deletion === undefined) return allow(undefined);

  const record = withAnswer(followed.value.record, answer.value, deletion);
  change.put("relationships", record.id, record);
  change.put("peers", record.peer, peerAfter(peer, record));
  if (answer.value?.secrets !== undefined)
    putSecret(account, change, { id: `relationship-${record.id}`, secret: answer.value.secrets });
  announceRelationship(change, record, announcements);
  deletion?.announce(record);
  takeAftermath(account, change, { record, exchanged, now });
  if (created !== undefined && seen.completion !== undefined && !grew) {
    completeFromCreation(account, change, { completion: seen.completion, record, now });
  }
  return allow(record);
}

function withoutCopy(look: Look): Outcome<undefined> {
  // A creation that the peer has already decomposed is skipped without event (spec/domain.md 3.6).
  if (look.fetched?.ok === false && look.fetched.refusal.code !== gone) return look.fetched;
  return allow(undefined);
}

type Deletion = {
  readonly info: RelationshipRecord["peerDeletionInfo"];
  announce(record: RelationshipRecord): void;
};

// The peer's identity is about to be deleted, is not any more, or is gone (spec/domain.md 3.5).
function peerDeletion(change: Change, events: readonly WireExternalEvent[]): Deletion | undefined {
  const last = events.findLast(({ type }) => type.startsWith("PeerDelet") || type === "PeerToBeDeleted");
  if (last === undefined) return undefined;
  const deletionDate = last.payload["deletionDate"] ?? "";
  const [info, name] =
    last.type === "PeerToBeDeleted"
      ? [{ deletionStatus: "ToBeDeleted", deletionDate }, "peerToBeDeleted"]
      : last.type === "PeerDeleted"
        ? [{ deletionStatus: "Deleted", deletionDate }, "peerDeleted"]
        : [undefined, "peerDeletionCancelled"];
  return { info, announce: (record) => announceRelationship(change, record, [name]) };
}

function withAnswer(record: RelationshipRecord, answer: Answer, deletion: Deletion | undefined): RelationshipRecord {
  const { peerDeletionInfo, ...rest } = record;
  const info = deletion === undefined ? peerDeletionInfo : deletion.info;
  return extended(rest, {
    ...(answer?.content === undefined ? {} : { responseContent: answer.content }),
    ...(info === undefined ? {} : { peerDeletionInfo: info }),
  });
}
