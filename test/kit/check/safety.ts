// The safety invariants of design.md 4, held against what every commit changed and against every new state of a party.

import { type Document, isSameJson, type JsonObject } from "rapport/core";
import { type RelationshipValue, statusOfRelationship } from "rapport/machines";
import { isRelationship } from "../../../src/engine/relationship-state.ts";
import type { DecisionRecord, IntentRecord, RelationshipRecord, RequestRecord } from "../../../src/model/records.ts";
import { type RelationshipDocument, relationshipPath } from "../../../src/relay/documents.ts";
import { is } from "../../../src/relay/relationship-state.ts";
import { must } from "./found.ts";
import { type Changed, changesBetween, documentAt, documentsIn, type Snapshot } from "./snapshot.ts";

type Entry = { readonly createdAt: string; readonly oldStatus?: string | null; readonly newStatus: string };

/** R1, R3 and R4 at the relay, over one commit. */
export function checkRelayCommit(before: Snapshot, after: Snapshot): void {
  for (const change of changesBetween(before, after)) {
    if (!change.key.startsWith(`${relationshipPath}/`)) continue;
    const [old, now] = [change.before, change.after] as (RelationshipDocument | undefined)[];
    const whose = "The relay's copy of the Relationship";
    if (now !== undefined) checkLog(now.auditLog, statusOfRelationship(now.state.value), whose);
    if (old === undefined || now === undefined) continue;
    checkGrowth(old.auditLog, now.auditLog, whose);
    checkFinal(statusOfRelationship(old.state.value), statusOfRelationship(now.state.value), whose);
  }
  const pairs = new Set<string>();
  for (const relationship of documentsIn<RelationshipDocument>(after, relationshipPath)) {
    if (!is(relationship, "existing")) continue;
    const pair = [relationship.from, relationship.to].sort().join(" ");
    must(!pairs.has(pair), () => "R1: the relay holds two Relationships of one pair that exist at the same time.");
    pairs.add(pair);
  }
}

/** R3, R4 and Q1 at a party, over one commit. */
export function checkPartyCommit(account: string, before: Snapshot, after: Snapshot): void {
  for (const change of changesBetween(before, after)) {
    if (change.key.startsWith(`${account}/relationships/`)) checkRelationship(change);
    if (change.key.startsWith(`${account}/requests/`)) checkRequest(change);
  }
}

/** R1, Q2, Q3 at a party, and that nothing it was told could not be applied. */
export function checkParty(account: string, stored: Snapshot): void {
  const peers = new Set<string>();
  for (const record of documentsIn<RelationshipRecord>(stored, `${account}/relationships`)) {
    if (!isRelationship(record, "existing")) continue;
    must(
      !peers.has(record.peer),
      () => "R1: a party holds two Relationships with one peer that exist at the same time.",
    );
    peers.add(record.peer);
  }
  const requests = documentsIn<RequestRecord>(stored, `${account}/requests`);
  for (const request of requests) {
    if (request.isOwn || request.response === undefined) continue;
    const decision = documentAt<DecisionRecord>(stored, `${account}/decisions/${request.id}`);
    must(decision !== undefined, () => `Q3: the decided Request ${request.id} has no decision record.`);
    const verdict = request.response.content["result"] === "Accepted" ? "accept" : "reject";
    must(decision?.verdict === verdict, () => `Q3: the decision record of ${request.id} says ${decision?.verdict}.`);
  }
  const answered = new Set(requests.flatMap(({ id, response }) => (response === undefined ? [] : [id])));
  for (const attribute of documentsIn<JsonObject & Document>(stored, `${account}/attributes`)) {
    checkAttribute({ attribute, requests, answered });
  }
  const [letter] = documentsIn<JsonObject & Document>(stored, `${account}/deadletters`);
  must(
    letter === undefined,
    () => `Something that a party was told became a dead letter: ${letter?.["code"]}, ${letter?.["message"]}`,
  );
}

interface Rests {
  readonly attribute: JsonObject;
  readonly requests: readonly RequestRecord[];
  readonly answered: ReadonlySet<string>;
}

// An attribute that a Request brought names where it came from; its Request has an answer, and an accepting one.
function checkAttribute({ attribute, requests, answered }: Rests): void {
  const source = attribute["sourceReference"];
  if (typeof source !== "string") return;
  const request = requests.find(({ id }) => id === source);
  // Erasing a peer erases its Requests together with what they brought.
  must(request !== undefined, () => `Q2: an attribute rests on the Request ${source}, which is not stored.`);
  must(answered.has(source), () => `Q2: an attribute rests on the Request ${source}, which has no Response.`);
  must(
    request?.response?.content["result"] === "Accepted",
    () => `Q2: an attribute rests on the Request ${source}, which was not accepted.`,
  );
}

function checkRelationship({ before, after }: Changed): void {
  const [old, now] = [before, after] as (RelationshipRecord | undefined)[];
  const whose = "A party's copy of the Relationship";
  if (now !== undefined) {
    checkLog(now.auditLog, now.status, whose);
    must(
      now.status === statusOfRelationship(now.state.value as RelationshipValue),
      () => `R4: ${whose} shows ${now.status}, and its state is another one.`,
    );
  }
  if (old === undefined || now === undefined) return;
  checkGrowth(old.auditLog, now.auditLog, whose);
  checkFinal(old.status, now.status, whose);
}

function checkLog(log: readonly Entry[], status: string, whose: string): void {
  for (const [at, entry] of log.entries()) {
    const before = log[at - 1];
    if (before === undefined) continue;
    must(before.createdAt < entry.createdAt, () => `R4: ${whose} has audit times that do not increase.`);
    must(before.newStatus === entry.oldStatus, () => `R4: ${whose} has audit entries that do not chain.`);
  }
  must(log.at(-1)?.newStatus === status, () => `R4: ${whose} is ${status}, and its last audit entry says otherwise.`);
}

// The relay puts a pseudonym in the place of an identity that was deleted; who acted is not compared.
function checkGrowth(old: readonly Entry[], now: readonly Entry[], whose: string): void {
  const isPrefix =
    now.length >= old.length &&
    old.every((entry, at) => entry.createdAt === now[at]?.createdAt && entry.newStatus === now[at]?.newStatus);
  must(isPrefix, () => `R4: the audit log of ${whose} lost or changed an entry.`);
}

function checkFinal(old: string, now: string, whose: string): void {
  const isFinal = old === "Rejected" || old === "Revoked";
  must(!isFinal || old === now, () => `R3: ${whose} was ${old} and became ${now}.`);
}

function checkRequest({ before, after }: Changed): void {
  const [old, now] = [before, after] as (RequestRecord | undefined)[];
  if (old === undefined || now === undefined || old.isOwn) return;
  if (old.status === "Decided") {
    const isAllowed = ["Decided", "Completed", "Expired"].includes(now.status);
    must(isAllowed, () => `Q1: the Request ${now.id} was Decided and became ${now.status}.`);
  }
  if (old.response === undefined) return;
  const isKept = now.response !== undefined && isSameJson(old.response.content, now.response.content);
  must(isKept, () => `Q1: the Response of the Request ${now.id} changed after it was decided.`);
}

/** The open intents of a party. */
export function openIntents(account: string, stored: Snapshot): IntentRecord[] {
  return documentsIn<IntentRecord>(stored, `${account}/intents`);
}
