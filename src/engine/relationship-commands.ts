/**
 * Commands on a Relationship that the relay referees (spec/domain.md 3.3): accept, reject, revoke, terminate, the four of
 * reactivation; decompose is in erase.ts. Turn 1 asks the chart and commits the intent; turn 2 follows what the relay says.
 */

import { factOfAuditReason, type RelationshipFactType } from "rapport/machines";
import { invariant } from "../errors/bug.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { isSameBase64 } from "../model/bytes.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord, PeerRecord, RelationshipRecord } from "../model/records.ts";
import { sealAcceptance, sealRejection } from "../sealed/acceptance.ts";
import type { RelationshipSecrets } from "../sealed/channels.ts";
import type { PublicRequest } from "../sealed/creation.ts";
import type { OperationName } from "../wire/operations.ts";
import type { WireRelationship, WireRelationshipWithContents } from "../wire/shapes.ts";
import { accountTurn, type Change } from "./change.ts";
import { type CommandTag, recordResult, tagged, tagOf } from "./commands.ts";
import type { Account } from "./context.ts";
import { type Decider, deciderByHand, putDecision } from "./decision-records.ts";
import { gatherAftermath, takeAftermath } from "./exchanged.ts";
import { fetchRelationships } from "./inbox-relationship.ts";
import {
  closeIntent,
  draftIntent,
  hasOpenIntent,
  type IntentKind,
  inProgress,
  openIntent,
  type Sighting,
} from "./intents.ts";
import { contentTooLarge } from "./outgoing-message.ts";
import { perform } from "./performing.ts";
import { relationshipView } from "./present.ts";
import { announceRelationship } from "./receive.ts";
import { relationshipFacts } from "./relationship-facts.ts";
import { byTime, follow, mayStep, peerAfter, strangerRecord } from "./relationship-state.ts";
import { gatherRuleSet } from "./rule-sets.ts";
import { putSecret } from "./vault.ts";

/** The relay's operation for each step that self may ask for. */
export const operationOf = {
  "creation.accepted": "acceptRelationship",
  "creation.rejected": "rejectRelationship",
  "creation.revoked": "revokeRelationship",
  "relationship.terminated": "terminateRelationship",
  "reactivation.requested": "requestReactivation",
  "reactivation.accepted": "acceptReactivation",
  "reactivation.rejected": "rejectReactivation",
  "reactivation.revoked": "revokeReactivation",
} as const satisfies { readonly [fact in RelationshipFactType]?: OperationName };

/** A step that self may ask for, short of decomposing. */
export type Asked = keyof typeof operationOf;

/** One command. `content` goes with accept and reject, end-to-end encrypted (seed 002). */
export interface StatusCommand {
  readonly id: string;
  readonly step: Asked;
  readonly content?: JsonObject;
  readonly decider?: Decider;
  readonly tag?: CommandTag;
}

/** Carries out the command, both turns. */
export function changeStatus(account: Account, command: StatusCommand): Promise<Outcome<RelationshipRecord>> {
  return account.lanes.run(command.id, async () => {
    const begun = await accountTurn<Begun, IntentRecord>(account, {
      gather: async (reads) => {
        const record = (await reads.get<RelationshipRecord>(keyOf(account.id, "relationships", command.id)))?.document;
        const isBusy = await hasOpenIntent(account, reads, command.id);
        const sealed = record === undefined || isBusy ? allow({ body: {} }) : seal(account, record, command);
        const decider =
          record === undefined || !isDecision(command) ? undefined : await deciderFor(account, record, command);
        await gatherRuleSet(account, reads, decider?.rules);
        return { record, isBusy, sealed, decider, now: instantOf(account.clock.now()) };
      },
      plan: (begun, change) => planBegun(account, change, { begun, command }),
    });
    return begun.ok ? perform<RelationshipRecord>(account, begun.value) : begun;
  });
}

type Sealed = { readonly body: JsonObject; readonly secrets?: RelationshipSecrets };
type Begun = {
  readonly record: RelationshipRecord | undefined;
  readonly isBusy: boolean;
  readonly sealed: Outcome<Sealed>;
  readonly decider: StatusCommand["decider"];
  readonly now: string;
};

const isDecision = ({ step }: StatusCommand) => step === "creation.accepted" || step === "creation.rejected";

async function deciderFor(account: Account, record: RelationshipRecord, { decider }: StatusCommand) {
  if (decider !== undefined) return decider;
  const facts = await relationshipFacts(account, record);
  return deciderByHand(account, record.id, facts as unknown as JsonObject);
}

function seal(account: Account, record: RelationshipRecord, { step, content }: StatusCommand): Outcome<Sealed> {
  const isAnswer = step === "creation.accepted" || (step === "creation.rejected" && content !== undefined);
  if (!isAnswer || !mayStep(record, step).ok) return allow({ body: {} });
  invariant(record.publicRequest, `The Relationship ${record.id} is pending and has no public request.`);
  const answer = {
    request: record.publicRequest as PublicRequest,
    relationshipId: record.id,
    devicePrivateKey: account.keys.device,
  };
  if (step === "creation.rejected") {
    const rejection = sealRejection(account, { ...answer, content: content ?? {} });
    return rejection.ok ? fitting({ body: { creationResponseContent: rejection.value } }) : rejection;
  }
  const acceptance = sealAcceptance(account, content === undefined ? answer : extended(answer, { content }));
  if (!acceptance.ok) return acceptance;
  const { creationResponseContent, secrets } = acceptance.value;
  return fitting({ body: { creationResponseContent }, secrets });
}

function fitting(sealed: Sealed): Outcome<Sealed> {
  const tooLarge = contentTooLarge(String(sealed.body["creationResponseContent"]), "answer");
  return tooLarge ?? allow(sealed);
}

function planBegun(
  account: Account,
  change: Change,
  { begun, command }: { begun: Begun; command: StatusCommand },
): Outcome<IntentRecord> {
  const { record, isBusy, sealed, decider, now } = begun;
  const { id, step, content, tag } = command;
  if (record === undefined)
    return refuse("error.runtime.recordNotFound", `There is no Relationship ${id}. Check the id.`);
  if (isBusy) return inProgress(id);
  const legal = mayStep(record, step);
  if (!legal.ok) return legal;
  if (!sealed.ok) return sealed;
  const { body, secrets } = sealed.value;
  // What was decided and does not come to be leaves no record (Q3 speaks of decisions that hold), and no keys.
  const decision = { kind: "decisions", id } as const;
  const keys = { kind: "secrets", id: `relationship-${id}` } as const;
  const intent = draftIntent(account, {
    entity: id,
    kind: "changeStatus",
    operation: operationOf[step],
    params: { id },
    body,
    ...(decider === undefined ? {} : { undo: secrets === undefined ? [decision] : [decision, keys] }),
    peer: record.peer,
    ...tagged(tag, { step, entries: record.auditLog.length, ...(content === undefined ? {} : { content }) }),
  });
  openIntent(account, change, { intent });
  if (secrets !== undefined) putSecret(account, change, { id: keys.id, secret: secrets });
  if (decider !== undefined) {
    const verdict = step === "creation.accepted" ? "accept" : "reject";
    const decision = content === undefined ? {} : { decision: { content } };
    putDecision(account, change, { entity: id, peer: record.peer, decidedAt: now, verdict, decider, ...decision });
  }
  return allow(intent);
}

// Turn 2: the relay's audit log is followed; what sync already brought is not announced again.
function applied(account: Account, intent: IntentRecord, wire: WireRelationship): Promise<Outcome<RelationshipRecord>> {
  return accountTurn(account, {
    async gather(reads) {
      await reads.get(keyOf(account.id, "intents", intent.entity));
      const record = (await reads.get<RelationshipRecord>(keyOf(account.id, "relationships", wire.id)))?.document;
      invariant(record, `The Relationship ${wire.id} has an open intent and is not stored.`);
      const peer = (await reads.get<PeerRecord>(keyOf(account.id, "peers", record.peer)))?.document;
      const followed = follow(record, wire.auditLog, { self: account.self, seen: "acting" });
      const news = followed.ok ? { before: record, after: followed.value.record } : undefined;
      const exchanged = news === undefined ? undefined : await gatherAftermath(account, reads, news);
      return { peer, followed, exchanged, now: instantOf(account.clock.now()) };
    },
    plan({ peer, followed, exchanged, now }, change) {
      if (!followed.ok) return followed;
      const { announcements } = followed.value;
      const next = answeredRecord(followed.value.record, intent);
      change.put("relationships", next.id, next);
      change.put("peers", next.peer, peerAfter(peer ?? strangerRecord(next.peer), next));
      announceRelationship(change, next, announcements);
      takeAftermath(account, change, { record: next, exchanged, now });
      closeIntent(change, intent);
      recordResult(account, change, { tag: tagOf(intent), result: relationshipView(next) as JsonObject });
      return allow(next);
    },
  });
}

/** How a step ends. Whether the relay has taken it before says the audit log. */
export const changeStatusIntent: IntentKind = {
  applied: (account, intent, result) => applied(account, intent, result as unknown as WireRelationship),

  async look(account, intent): Promise<Sighting> {
    const copy = (await fetchRelationships(account, [intent.entity])).get(intent.entity);
    if (copy?.ok !== true || !wasTaken(account, intent, copy.value)) return "undone";
    return { done: copy.value as unknown as JsonObject };
  },
};

// Whether this device has done what the intent asks for since it was opened; an acceptance with these very keys.
function wasTaken({ self, record }: Account, { facts, call }: IntentRecord, wire: WireRelationshipWithContents) {
  const since = typeof facts["entries"] === "number" ? facts["entries"] : 0;
  const isOwn = wire.auditLog
    .toSorted(byTime)
    .slice(since)
    .some(
      ({ createdBy, createdByDevice, reason }) =>
        createdBy === self && createdByDevice === record.deviceId && factOfAuditReason(reason) === facts["step"],
    );
  const { creationResponseContent: sealed } = JSON.parse(call.body) as { creationResponseContent?: string };
  return isOwn && (sealed === undefined || isSameBase64(sealed, wire.creationResponseContent));
}

function answeredRecord(record: RelationshipRecord, intent: IntentRecord): RelationshipRecord {
  const content = intent.facts["content"] as JsonObject | undefined;
  const { publicRequest: _over, judged: _judged, ...rest } = record;
  return content === undefined ? rest : extended(rest, { responseContent: content });
}
