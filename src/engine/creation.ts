// Creating a Relationship at the relay (spec/domain.md 3.2), as an intent: by hand, or as the answer to a template's Request.

import { allow, type Outcome } from "../errors/refusal.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord, PeerRecord, RelationshipRecord, RequestRecord, TemplateRecord } from "../model/records.ts";
import type { RequestSecrets } from "../sealed/creation.ts";
import { sealCreation } from "../sealed/creation.ts";
import type { WireRelationship } from "../wire/shapes.ts";
import { accountTurn } from "./change.ts";
import { type CommandTag, recordResult, tagged, tagOf } from "./commands.ts";
import type { Account } from "./context.ts";
import { closeIntent, draftIntent, type IntentKind, secretOfIntent } from "./intents.ts";
import { contentTooLarge } from "./outgoing-message.ts";
import { relationshipView } from "./present.ts";
import { announceRelationship } from "./receive.ts";
import { auditEntryOf, follow, newRelationshipState, peerAfter, strangerRecord } from "./relationship-state.ts";
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
        const created = known === undefined ? followed(wire, facts) : allow(known);
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
};

function followed(wire: WireRelationship, facts: CreationFacts): Outcome<RelationshipRecord> {
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
  const caughtUp = follow(record, wire.auditLog, "acting");
  return caughtUp.ok ? allow(caughtUp.value.record) : caughtUp;
}
