// Creating a Relationship at the relay (spec/domain.md 3.2), as an intent: by hand, or as the answer to a template's Request.

import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome } from "../errors/refusal.ts";
import { isSameBase64 } from "../model/bytes.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord, PeerRecord, RelationshipRecord, RequestRecord, TemplateRecord } from "../model/records.ts";
import type { RequestSecrets } from "../sealed/creation.ts";
import { sealCreation } from "../sealed/creation.ts";
import type { WireCanCreate, WireRelationship, WireRelationshipWithContents } from "../wire/shapes.ts";
import { accountTurn } from "./change.ts";
import { type CommandTag, recordResult, tagged, tagOf } from "./commands.ts";
import type { Account } from "./context.ts";
import { closeIntent, draftIntent, type IntentKind, type Sighting, secretOfIntent } from "./intents.ts";
import { contentTooLarge } from "./outgoing-message.ts";
import { relationshipView } from "./present.ts";
import { announceRelationship } from "./receive.ts";
import { auditEntryOf, byTime, follow, newRelationshipState, peerAfter, strangerRecord } from "./relationship-state.ts";
import { isPassing } from "./relay-refusals.ts";
import { closeUndelivered, responseDelivered } from "./response-delivery.ts";
import { putSecret } from "./vault.ts";

/** A creation, sealed and ready to be committed as an intent. */
export interface SealedCreation {
  readonly intent: IntentRecord;
  readonly secret: RequestSecrets;
}

/** The entity that a creation locks: one at a time per peer. */
export const creationEntity = (peer: string): string => `peer-${peer}`;

type CreationFacts = {
  readonly templateId: string;
  readonly peer: string;
  readonly peerPublicKey: string;
  readonly creationContent: JsonObject;
  readonly answers?: string;
};

/** Seals a creation for the template's owner. `answers` is the incoming LocalRequest that it answers. */
export function draftCreation(
  account: Account,
  draft: { template: TemplateRecord; content: JsonObject; answers?: string; tag?: CommandTag },
): Outcome<SealedCreation> {
  const { template, content, answers, tag } = draft;
  const sealed = sealCreation(account, {
    content,
    identity: { address: account.self, publicKey: account.record.publicKey },
    devicePrivateKey: account.keys.device,
    templateId: template.id,
    templateKey: template.templateKey.publicKey,
  });
  if (!sealed.ok) return sealed;
  const { creationContent, secrets } = sealed.value;
  const tooLarge = contentTooLarge(creationContent, "creation content");
  if (tooLarge !== undefined) return tooLarge;
  const facts: CreationFacts = {
    templateId: template.id,
    peer: template.createdBy,
    peerPublicKey: template.identityPublicKey,
    creationContent: content,
    ...(answers === undefined ? {} : { answers }),
  };
  const intent = draftIntent(account, {
    entity: creationEntity(template.createdBy),
    kind: "createRelationship",
    operation: "createRelationship",
    body: { relationshipTemplateId: template.id, creationContent },
    peer: template.createdBy,
    ...tagged(tag, facts),
  });
  return allow({ intent, secret: secrets });
}

/** Turn 2 of a creation: the Relationship is Pending, and the LocalRequest that it answers is Completed. */
export const createRelationshipIntent: IntentKind = {
  async applied(account, intent, result): Promise<Outcome<RelationshipRecord>> {
    const wire = result as unknown as WireRelationship;
    const facts = intent.facts as CreationFacts;
    return accountTurn(account, {
      async gather(reads) {
        await reads.get(keyOf(account.id, "intents", intent.entity));
        const { answers, peer } = facts;
        return {
          known: (await reads.get<RelationshipRecord>(keyOf(account.id, "relationships", wire.id)))?.document,
          peer: (await reads.get<PeerRecord>(keyOf(account.id, "peers", peer)))?.document ?? strangerRecord(peer),
          request:
            answers === undefined
              ? undefined
              : (await reads.get<RequestRecord>(keyOf(account.id, "requests", answers)))?.document,
          secret: await secretOfIntent<RequestSecrets & JsonObject>(account, reads, intent),
          now: instantOf(account.clock.now()),
        };
      },
      plan({ known, peer, request, secret, now }, change) {
        closeIntent(change, intent);
        const created = known === undefined ? followed(account.self, wire, facts) : allow(known);
        if (!created.ok) return created;
        const record = created.value;
        if (known === undefined) {
          change.put("relationships", record.id, record);
          change.put("peers", peer.address, peerAfter(peer, record));
          if (secret !== undefined) putSecret(account, change, { id: `relationship-${record.id}`, secret: secret });
          announceRelationship(change, record, ["relationshipChanged"]);
        }
        if (request !== undefined)
          responseDelivered(change, request, { source: { type: "Relationship", reference: record.id }, now });
        recordResult(account, change, { tag: tagOf(intent), result: relationshipView(record) as JsonObject });
        return allow(record);
      },
    });
  },

  refused: closeUndelivered,

  // Relationships cannot be listed by peer. That there is one does not say that it is ours, unless it is known to be
  // another; that there is none says so only when what peers did to it has been applied.
  async look(account, { facts }, isSynced): Promise<Sighting> {
    const { peer } = facts as CreationFacts;
    const query = { peer };
    const answer = await account.transport.call({ operation: "canCreateRelationship", query }, account.session);
    if (!answer.ok) {
      if (isPassing(answer)) throw fault("relay.unreachable", `The relay could not answer: ${answer.error.message}`);
      return "undone";
    }
    if ((answer.result as WireCanCreate).canCreate) return isSynced ? "undone" : "open";
    const known = (await account.store.get<PeerRecord>(keyOf(account.id, "peers", peer)))?.document;
    return known?.existing === undefined ? "open" : "undone";
  },
};

/** Takes a Relationship of which the relay tells for the answer that an open creation is waiting for, if it is exactly that. */
export async function adoptCreation(account: Account, wire: WireRelationshipWithContents): Promise<void> {
  if (wire.from !== account.self || wire.creationContent === null) return;
  const intent = await account.store.get<IntentRecord>(keyOf(account.id, "intents", creationEntity(wire.to)));
  if (intent === undefined) return;
  const { creationContent } = JSON.parse(intent.document.call.body) as { creationContent: string };
  if (!isSameBase64(creationContent, wire.creationContent)) return;
  // What happened to it since is for the turn that opens the answer of the peer.
  const created = { ...wire, auditLog: wire.auditLog.toSorted(byTime).slice(0, 1) };
  await createRelationshipIntent.applied(account, intent.document, created as unknown as JsonObject);
}

function followed(self: string, wire: WireRelationship, facts: CreationFacts): Outcome<RelationshipRecord> {
  const [first, ...rest] = wire.auditLog;
  const record: RelationshipRecord = {
    id: wire.id,
    templateId: facts.templateId,
    status: "Pending",
    peer: facts.peer,
    peerIdentity: { address: facts.peer, publicKey: facts.peerPublicKey },
    creationContent: facts.creationContent,
    auditLog: first === undefined ? [] : [auditEntryOf(first)],
    role: "initiator",
    state: newRelationshipState(),
  };
  if (rest.length === 0) return allow(record);
  const caughtUp = follow(record, wire.auditLog, { self, seen: "acting" });
  return caughtUp.ok ? allow(caughtUp.value.record) : caughtUp;
}
