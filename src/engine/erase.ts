// Decomposing one's own side (spec/domain.md 3.5): after the relay agreed, everything about the peer goes, in one commit.

import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import type { Condition } from "../model/condition.ts";
import { extended } from "../model/extended.ts";
import { type IdentityMetadataRecord, metadataId } from "../model/identity-records.ts";
import { type Kind, keyOf, pathOf } from "../model/keys.ts";
import type {
  DecisionRecord,
  IntentRecord,
  MessageRecord,
  PeerRecord,
  RelationshipRecord,
  RequestRecord,
  TemplateRecord,
  TokenRecord,
} from "../model/records.ts";
import type { Document } from "../ports/store.ts";
import { pseudonymOf } from "../sealed/address.ts";
import type { Reads } from "../turn/turn.ts";
import type { OperationName } from "../wire/operations.ts";
import { accountTurn, type Change } from "./change.ts";
import { type CommandTag, recordResult, tagged, tagOf } from "./commands.ts";
import type { Account } from "./context.ts";
import { claimsSecret } from "./deciding-facts.ts";
import { eraseFiles, filesWith, type KeptFiles } from "./erase-files.ts";
import { type Exchanged, eraseExchanged, gatherExchanged, notificationsOf } from "./exchanged.ts";
import {
  closeIntent,
  closeRefused,
  draftIntent,
  hasOpenIntent,
  type IntentKind,
  inProgress,
  openIntent,
  type Sighting,
} from "./intents.ts";
import { perform } from "./performing.ts";
import { mayStep, peerAfter, strangerRecord } from "./relationship-state.ts";

const operation: OperationName = "decomposeRelationship";

/** Asks the relay, then erases. */
export function decompose(account: Account, id: string, tag: CommandTag): Promise<Outcome<undefined>> {
  return account.lanes.run(id, async () => {
    const begun = await accountTurn(account, {
      gather: async (reads) => ({
        record: (await reads.get<RelationshipRecord>(keyOf(account.id, "relationships", id)))?.document,
        isBusy: await hasOpenIntent(account, reads, id),
      }),
      plan({ record, isBusy }, change): Outcome<IntentRecord> {
        if (record === undefined) return refuse("error.runtime.recordNotFound", `There is no Relationship ${id}.`);
        if (isBusy) return inProgress(id);
        const legal = mayStep(record, "relationship.decomposed");
        if (!legal.ok) return legal;
        const draft = { entity: id, kind: "decompose", operation, params: { id }, body: {}, peer: record.peer };
        const intent = draftIntent(account, extended(draft, tagged(tag)));
        openIntent(account, change, { intent: intent });
        return allow(intent);
      },
    });
    return begun.ok ? perform<undefined>(account, begun.value) : begun;
  });
}

// Turn 2: erases.
async function applied(account: Account, intent: IntentRecord): Promise<Outcome<undefined>> {
  await withdrawSpentTemplate(account, intent.entity);
  return accountTurn(account, {
    async gather(reads) {
      const key = keyOf(account.id, "relationships", intent.entity);
      const record = (await reads.get<RelationshipRecord>(key))?.document;
      return { record, belongings: record === undefined ? undefined : await belongingsOf(account, reads, record) };
    },
    plan({ record, belongings }, change) {
      closeIntent(change, intent);
      if (record === undefined || belongings === undefined) return allow(undefined);
      erase(change, record, belongings);
      change.event("transport.relationshipDecomposedBySelf", () => ({ relationshipId: record.id }));
      recordResult(account, change, { tag: tagOf(intent), result: {} });
      return allow(undefined);
    },
  });
}

const gone = ["error.platform.validation.relationship.relationshipAlreadyDecomposed", "error.platform.recordNotFound"];

/** How leaving ends. A relay that says it was done before, or knows of no such Relationship any more, has agreed too. */
export const decomposeIntent: IntentKind = {
  applied,
  refused: (account, intent, answer): Promise<Outcome<unknown>> =>
    gone.includes(answer.error.code) ? applied(account, intent) : closeRefused(account, intent, answer),

  async look(account, { entity: id }): Promise<Sighting> {
    const answer = await account.transport.call({ operation: "getRelationship", params: { id } }, account.session);
    return !answer.ok && gone.includes(answer.error.code) ? { done: {} } : "undone";
  },
};

// The peer holds the only slot of a template for one and could use it again, but the keys to open that go with the
// Relationship. Nothing here is erased before the relay has deleted it; a try that gets no answer leaves the intent open.
async function withdrawSpentTemplate(account: Account, relationshipId: string): Promise<void> {
  const key = keyOf(account.id, "relationships", relationshipId);
  const record = (await account.store.get<RelationshipRecord>(key))?.document;
  const [id] = record === undefined ? [] : await ownSingleUse(account, account.store, record.templateId);
  if (id === undefined) return;
  const answer = await account.transport.call({ operation: "deleteTemplate", params: { id } }, account.session);
  if (answer.ok || answer.status === 404) return;
  throw fault("relay.unreachable", `The relay could not delete the template ${id}: ${answer.error.message}`);
}

interface Belongings {
  /** What is left to know of the peer: Relationships that were rejected or revoked stay readable (R3). */
  readonly peer: PeerRecord | undefined;
  readonly templates: readonly string[];
  readonly tokens: readonly string[];
  readonly requests: readonly string[];
  readonly decisions: readonly string[];
  readonly deadLetters: readonly string[];
  readonly intents: readonly string[];
  readonly outbox: readonly string[];
  readonly commands: readonly string[];
  readonly exchanged: Exchanged;
  readonly notifications: readonly string[];
  readonly messages: KeptMessages;
  readonly files: KeptFiles;
  readonly metadata: readonly string[];
}

async function belongingsOf(account: Account, reads: Reads, record: RelationshipRecord): Promise<Belongings> {
  const { peer } = record;
  const find = async <D extends Document>(kind: Kind, where?: { [field: string]: Condition[] }) => {
    const found: D[] = [];
    const query = { under: pathOf(account.id, kind), ...(where === undefined ? {} : { where }) };
    for await (const { key } of reads.find<D>(query)) {
      // As the commit will expect it: a document may have changed since it was found.
      const stored = await reads.get<D>(key);
      if (stored !== undefined) found.push(stored.document);
    }
    return found;
  };
  const of = (field: string) => ({ [field]: [{ anyOf: [peer] }] });
  const own = await ownSingleUse(account, reads, record.templateId);
  const templates = [...(await find<TemplateRecord>("templates", of("createdBy"))).map(({ id }) => id), ...own];
  const tokens = (await find<TokenRecord>("tokens", { templateId: [{ anyOf: templates }] })).map(({ id }) => id);
  const others = (await find<RelationshipRecord>("relationships", of("peer"))).filter(({ id }) => id !== record.id);
  const intents = await find<IntentRecord>("intents");
  const messages = messagesWith(account, peer, [
    ...(await find<MessageRecord>("messages", of("createdBy"))),
    ...(await find<MessageRecord>("messages", of("recipients.address"))),
  ]);
  return {
    peer: others.length === 0 ? undefined : others.reduce(peerAfter, strangerRecord(peer)),
    templates,
    tokens,
    requests: (await find<RequestRecord>("requests", of("peer"))).map(({ id }) => id),
    decisions: (await find<DecisionRecord>("decisions", of("peer"))).map(({ entity }) => entity),
    deadLetters: await mentioning(reads, pathOf(account.id, "deadletters"), [peer, record.id]),
    intents: intents
      .filter((intent) => intent.peer === peer && intent.entity !== record.id)
      .map(({ entity }) => entity),
    outbox: await mentioning(reads, `${pathOf(account.id, "outbox")}/events`, [peer]),
    commands: [
      ...(await mentioning(reads, pathOf(account.id, "commands"), [peer, ...templates, ...tokens])),
      ...intents.flatMap((intent) => (intent.peer === peer && intent.commandId ? [intent.commandId] : [])),
    ],
    exchanged: await gatherExchanged(account, reads, peer),
    notifications: (await notificationsOf(account, reads, peer)).map(({ id }) => id),
    messages,
    files: await filesWith(account, reads, { peer, removed: messages.removed }),
    metadata: (await find<IdentityMetadataRecord>("metadata", of("reference"))).map(metadataId),
  };
}

// Payloads of events, command results and dead letters have no peer member of their own; those that name the peer go.
async function mentioning(reads: Reads, under: string, names: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for await (const { key, document } of reads.find({ under })) {
    const text = JSON.stringify(document);
    if (names.some((name) => text.includes(name))) ids.push(key.slice(key.lastIndexOf("/") + 1));
  }
  return ids;
}

async function ownSingleUse(account: Account, reads: Pick<Reads, "get">, templateId: string): Promise<string[]> {
  const template = (await reads.get<TemplateRecord>(keyOf(account.id, "templates", templateId)))?.document;
  return template?.isOwn === true && template.maxNumberOfAllocations === 1 ? [template.id] : [];
}

interface KeptMessages {
  readonly removed: readonly MessageRecord[];
  readonly kept: readonly MessageRecord[];
}

// A message to several keeps a pseudonym for the peer; it goes when nobody is left (spec/domain.md 3.5).
function messagesWith(account: Account, peer: string, messages: readonly MessageRecord[]): KeptMessages {
  const pseudonym = pseudonymOf(account.crypto, account.transport.hostName);
  const removed: MessageRecord[] = [];
  const kept: MessageRecord[] = [];
  for (const message of messages) {
    const recipients = message.recipients.map((one) => (one.address === peer ? { address: pseudonym } : one));
    const isOver = message.createdBy === peer || recipients.every(({ address }) => address === pseudonym);
    if (isOver) removed.push(message);
    else kept.push({ ...message, recipients });
  }
  return { removed, kept };
}

function erase(change: Change, record: RelationshipRecord, belongings: Belongings): void {
  change.remove("relationships", record.id);
  change.remove("secrets", `relationship-${record.id}`);
  change.remove("counters", `send-${record.id}`);
  if (belongings.peer === undefined) change.remove("peers", record.peer);
  else change.put("peers", record.peer, belongings.peer);
  for (const id of belongings.templates) {
    change.remove("templates", id);
    change.remove("secrets", `template-${id}`);
  }
  for (const id of belongings.tokens) {
    change.remove("tokens", id);
    change.remove("secrets", `token-${id}`);
  }
  for (const id of belongings.requests) {
    change.remove("requests", id);
    change.remove("secrets", claimsSecret(id));
    change.deadline(id, undefined);
  }
  for (const id of belongings.decisions) change.remove("decisions", id);
  for (const id of belongings.deadLetters) change.remove("deadletters", id);
  for (const id of belongings.intents) {
    change.remove("intents", id);
    change.remove("secrets", `intent-${id}`);
  }
  for (const id of belongings.outbox) change.remove("outbox", `events/${id}`);
  for (const id of belongings.commands) {
    change.remove("commands", id);
    change.deadline(`command-${id}`, undefined);
  }
  for (const id of belongings.metadata) change.remove("metadata", id);
  eraseExchanged(change, belongings.exchanged);
  for (const id of belongings.notifications) change.remove("notifications", id);
  eraseFiles(change, belongings.files);
  for (const { id } of belongings.messages.removed) change.remove("messages", id);
  for (const message of belongings.messages.kept) change.put("messages", message.id, message);
}
