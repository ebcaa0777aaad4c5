// What both sides and the relay must agree on once everybody has come to rest.
import { isSameJson, type JsonObject } from "rapport/core";
import { briefOf } from "./audit-chain.ts";
import type { Citizen } from "./citizen.ts";
import { isLeaving } from "./healing.ts";
import type { RelayRelationship } from "./relay-laws.ts";
import type { Sending, Town } from "./town.ts";
import { type Asked, type Bond, bondsOf, type Post } from "./views.ts";

/** Everything that differs, one sentence each. */
export function disagreements(town: Town): string[] {
  return [
    ...town.citizens.flatMap((citizen) => bonds(town, citizen)),
    ...town.sendings.flatMap((sending) => arrivals(town, sending)),
    ...town.citizens.flatMap((citizen) => requests(town, citizen)),
    ...town.ground.nonces.repeats.map((nonce) => `C2: the nonce ${nonce} was used twice with one key.`),
  ];
}

const forgets = ({ forgotten }: Town, { name }: Citizen, id: string) => forgotten.get(name)?.has(id) === true;

const byAddress = ({ citizens }: Town, address: string) => citizens.find((citizen) => citizen.address === address);

// R2.
function bonds(town: Town, citizen: Citizen): string[] {
  if (isLeaving(citizen)) return [];
  return bondsOf(citizen).flatMap(({ id, status, auditLog, peer }) => {
    const there = town.atRelay.get<RelayRelationship>("relationship", id);
    if (there === undefined || forgets(town, citizen, id) || byAddress(town, peer) === undefined) return [];
    const [here, relay] = [auditLog, there.auditLog].map((log) => log.map(briefOf));
    if (isSameJson(here, relay)) return [];
    return [
      `R2: ${citizen.name} shows ${id} as ${status} after ${here?.length} steps, the relay has ${relay?.length}.`,
    ];
  });
}

// O1: what was sent arrived once.
function arrivals(town: Town, { from, to, text, outcome, step, content }: Sending): string[] {
  const sender = town.citizens.find(({ name }) => name === from);
  if (sender === undefined) return [];
  return to.flatMap(({ address, bond }) => {
    const recipient = byAddress(town, address);
    if (recipient === undefined || isLeaving(recipient) || isLeaving(sender)) return [];
    const posts = recipient.holdings.all<Post>("messages").filter((post) => hasText(post, text));
    const what = `the message of step ${step} from ${from} to ${recipient.name}`;
    if (posts.length > 1) return [`O1: ${what} arrived ${posts.length} times.`];
    if (posts.length === 1 && outcome === "refused") return [`O1: ${what} was refused, and arrived.`];
    const [post] = posts;
    if (post !== undefined)
      return says(post.content, content)
        ? []
        : [`O1: ${what} arrived as something else: ${JSON.stringify(post.content)}, not ${JSON.stringify(content)}.`];
    const own = sender.holdings.all<Post>("messages").find((one) => one.isOwn && hasText(one, text));
    if (outcome !== "sent" && own === undefined) return [];
    const isHeld = recipient.holdings.get<Bond>("relationships", bond) !== undefined;
    if (!isHeld || town.forgotten.has(recipient.name) || isParked(town, own?.id, bond)) return [];
    return [`O1: ${what} is lost.`];
  });
}

// Who reads it may find more in it than was said: members that have a default.
const says = (found: JsonObject, sent: JsonObject) =>
  Object.entries(sent).every(([member, value]) => isSameJson(found[member], value));

const hasText = ({ content }: Post, text: string) => JSON.stringify(content).includes(text);

// What was sent along a Relationship that has ended waits at the relay until it is Active again, or goes when one side leaves.
function isParked({ atRelay }: Town, id: string | undefined, bond: string): boolean {
  const status = atRelay.get<RelayRelationship>("relationship", bond)?.auditLog.at(-1)?.newStatus;
  if (status === undefined || status === "DeletionProposed") return true;
  const parked = JSON.stringify(atRelay.get("parked", bond)) ?? "";
  return status !== "Active" && (id === undefined || parked.includes(id));
}

// Q1 and the effects of what was decided: both sides have the same Response.
function requests(town: Town, asker: Citizen): string[] {
  if (isLeaving(asker)) return [];
  return asker.holdings.all<Asked>("requests").flatMap(({ id, isOwn, status, peer, response }) => {
    const decider = byAddress(town, peer);
    if (!isOwn || decider === undefined || isLeaving(decider) || town.forgotten.size > 0) return [];
    const theirs = decider.holdings.get<Asked>("requests", id);
    if (theirs === undefined) return [];
    const what = `the Request ${id} of ${asker.name} to ${decider.name}`;
    if (response === undefined)
      return theirs.status === "Completed" && theirs.source?.type === "Message" && !isAnswerParked(town, decider, id)
        ? [`O1: ${what} is Completed there and ${status} here.`]
        : [];
    if (!isSameJson(theirs.response?.content, response.content)) return [`Q1: ${what} has two Responses.`];
    return [...attributesIn(response.content)].flatMap((attribute) =>
      [asker, decider]
        .filter((one) => !one.laws.everHad.has(attribute) && !wasTooLate(one, attribute))
        .map(({ name }) => `Q2: ${what} was accepted, and ${name} has not got ${attribute}.`),
    );
  });
}

// Whoever deletes a copy cannot take the version that a Notification brings later (predecessorDoesNotExist, spec/domain.md 6),
// and the protocol has no way to tell the owner, who takes it for shared.
function wasTooLate({ holdings }: Citizen, attribute: string): boolean {
  return holdings
    .all<{ readonly status: string; readonly content: JsonObject }>("notifications")
    .some(({ status, content }) => status === "Error" && JSON.stringify(content).includes(attribute));
}

function isAnswerParked(town: Town, { holdings }: Citizen, request: string): boolean {
  const answer = holdings.all<Post>("messages").find(({ isOwn, content }) => isOwn && content["requestId"] === request);
  const bond = answer?.recipients[0]?.relationshipId;
  return answer !== undefined && bond !== undefined && isParked(town, answer.id, bond);
}

function* attributesIn(json: JsonObject): Generator<string> {
  const items = (json["items"] ?? []) as readonly JsonObject[];
  for (const item of items) {
    if (item["items"] !== undefined) yield* attributesIn(item);
    else if (item["result"] === "Accepted" && typeof item["attributeId"] === "string") yield item["attributeId"];
  }
}
