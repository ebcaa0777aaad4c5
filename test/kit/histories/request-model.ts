// What one person's engine does with Requests, from spec/domain.md 4, and what a sync brings.
import { statusOf } from "./lifecycle.ts";
import {
  type Ask,
  type Bond,
  bondWith,
  type Ending,
  existingWith,
  type Model,
  type Post,
  perform,
  resume,
  type Side,
  seenBy,
  type Template,
  type Wish,
} from "./model.ts";
import { readTemplate } from "./relay-model.ts";
import { type At, clocked, creation, creationKey, inProgress, letter, mayWrite, move, settle } from "./side-model.ts";

const q = "error.consumption.requests.";

/** Loading a template. */
export function load(model: Model, side: Side, { template, now }: { readonly template: Template } & At): Ending {
  let known = side.templates.get(template);
  if (known === undefined) {
    const code = readTemplate(model, side.name, { template, now });
    if (code !== undefined) return code;
    known = {};
    side.templates.set(template, known);
  }
  const ask = asked(side, { template, before: known.ask, now });
  if (ask === undefined) return undefined;
  known.ask = ask;
  side.asks.push(ask);
  move(ask, "DecisionRequired");
  move(ask, "ManualDecisionRequired");
  return undefined;
}

// The table of spec/domain.md 4.3, top down.
function asked(side: Side, facts: { template: Template; before: Ask | undefined; now: number }): Ask | undefined {
  const { template, before, now } = facts;
  const { owner, onExisting, requestExpiresAt } = template;
  if (owner === side.name || !template.isStructured) return undefined;
  if (before !== undefined && side.asks.includes(before) && before.status !== "Completed") return undefined;
  const source = "RelationshipTemplate";
  const base = { isOwn: false, peer: owner, source, template, status: "Open" } as const;
  const existing = existingWith(side, owner);
  if (existing !== undefined) {
    if (statusOf(seenBy(side, existing)) !== "Active" || onExisting === undefined) return undefined;
    if (onExisting.expiresAt !== undefined && now >= onExisting.expiresAt) return undefined;
    return { ...base, origin: "onExistingRelationship", log: [], ...onExisting };
  }
  const rivals = side.asks.filter((ask) => !ask.isOwn && ask.peer === owner && ask.source === source);
  if (rivals.some((ask) => !["Completed", "Expired"].includes(clocked(ask, now)))) return undefined;
  if (now >= requestExpiresAt) return undefined;
  return { ...base, origin: "onNewRelationship", log: [], expiresAt: requestExpiresAt };
}

/** One decision: what it answers, and the code that it is refused with when it does not fit the Request. */
export interface Verdict {
  readonly result: "Accepted" | "Rejected";
  readonly misfit: string | undefined;
}

/** Why a Request cannot be decided so; undefined when it can. */
export function whyNot(
  side: Side,
  { ask, verdict, now }: { readonly ask: Ask; readonly verdict: Verdict } & At,
): Ending {
  if (!side.asks.includes(ask)) return "error.transport.recordNotFound";
  const bond = bondWith(side, ask.peer);
  const allowed = ask.source === "Message" ? ["Active"] : ["Active", "Rejected", "Revoked"];
  if (bond !== undefined && !allowed.includes(statusOf(seenBy(side, bond)))) return `${q}wrongRelationshipStatus`;
  if (!["DecisionRequired", "ManualDecisionRequired"].includes(clocked(ask, now))) return "request.wrongStatus";
  return verdict.misfit;
}

/** Accepting or rejecting a Request, and delivering the Response. */
export function decide(model: Model, side: Side, asked: { readonly ask: Ask; readonly verdict: Verdict } & At): Ending {
  const { ask, verdict, now, commandId } = asked;
  settle(side, now);
  const code = whyNot(side, asked);
  if (code !== undefined) return code;
  const wish = delivery(model, side, { ask, result: verdict.result });
  if (typeof wish === "object" && side.wishes.has(wish.key)) return inProgress;
  ask.result = verdict.result;
  move(ask, "Decided");
  if (commandId !== undefined) side.done.set(commandId, { at: now, peer: ask.peer });
  if (typeof wish !== "object") {
    move(ask, "Completed");
    return undefined;
  }
  // The decision stands whatever becomes of its delivery.
  return perform(model, side, { wish, now }) === "relay.unreachable" ? "relay.unreachable" : undefined;
}

/** Delivering the Response of a Decided Request again. */
export function deliver(model: Model, side: Side, { ask, now }: { readonly ask: Ask } & At): Ending {
  if (!side.asks.includes(ask)) return "error.runtime.recordNotFound";
  if (side.wishes.has(ask) || side.wishes.has(creationKey(ask.peer))) return inProgress;
  if (clocked(ask, now) !== "Decided" || ask.result === undefined) return "request.wrongStatus";
  const wish = delivery(model, side, { ask, result: ask.result });
  if (typeof wish === "string") return wish;
  if (wish !== undefined) return perform(model, side, { wish, now });
  move(ask, "Completed");
  return undefined;
}

// How a Response travels: nobody is told of a Request that was rejected before there was a Relationship.
function delivery(model: Model, side: Side, { ask, result }: { ask: Ask; result: string }): Wish | string | undefined {
  if (mayWrite(side, ask.peer)) return letter(model, side, { to: ask.peer, key: ask, answers: ask });
  if (ask.template === undefined) return `${q}wrongRelationshipStatus`;
  return result === "Rejected" ? undefined : creation(model, side, { template: ask.template, answers: ask });
}

/** Drafting a Request for a peer. */
export function draft(
  side: Side,
  asked: { readonly peer: string; readonly expiresAt: number | undefined } & At,
): Ending {
  const { peer, expiresAt, now, commandId } = asked;
  if (peer === side.name) return `${q}cannotShareRequestWithYourself`;
  if (expiresAt !== undefined && expiresAt < now) return `${q}cannotCreateRequestWithExpirationDateInPast`;
  const bond = bondWith(side, peer);
  if (bond === undefined) return `${q}missingRelationship`;
  if (!["Pending", "Active"].includes(statusOf(seenBy(side, bond)))) return `${q}wrongRelationshipStatus`;
  side.asks.push({ isOwn: true, peer, status: "Draft", log: [], ...(expiresAt === undefined ? {} : { expiresAt }) });
  if (commandId !== undefined) side.done.set(commandId, { at: now, peer });
  return undefined;
}

/** Sending a drafted Request, or without one a few words. */
export function write(model: Model, side: Side, sent: { readonly to: string; readonly carries?: Ask } & At): Ending {
  const { to, carries, now, commandId } = sent;
  if (!mayWrite(side, to)) return "error.runtime.messages.hasNoActiveRelationship";
  if (carries === undefined)
    return perform(model, side, { wish: letter(model, side, { to, key: {}, commandId }), now });
  if (!side.asks.includes(carries)) return "error.runtime.recordNotFound";
  const status = clocked(carries, now);
  if (status === "Expired") return "error.runtime.messages.cannotSendMessageWithExpiredRequest";
  if (status !== "Draft") return "error.runtime.messages.cannotSendRequestThatWasAlreadySent";
  if (side.wishes.has(carries)) return inProgress;
  return perform(model, side, { wish: letter(model, side, { to, key: carries, carries, commandId }), now });
}

/** Fetching what peers did. */
export function synchronise(model: Model, side: Side, now: number): void {
  settle(side, now);
  resume(model, side, now);
  const news = side.inbox;
  side.inbox = [];
  for (const bond of new Set(news.filter((one) => "log" in one))) learn(side, bond, now);
  for (const post of news) if (!("log" in post)) receive(side, post, now);
}

function learn(side: Side, bond: Bond, now: number): void {
  if (bond.left.has(side.name)) return;
  const isNew = !side.views.has(bond);
  side.views.set(bond, bond.log.length);
  if (isNew && bond.log.length === 1)
    complete(side, { answered: bond.answers, at: bond.createdAt, peer: bond.from, now });
}

function receive(side: Side, post: Post, now: number): void {
  side.posts.push(post);
  const { carries, answers } = post;
  if (carries !== undefined) {
    const { id, expiresAt } = carries;
    const base = { isOwn: false, peer: post.from, source: "Message", status: "Open", log: [] } as const;
    const ask: Ask = {
      ...base,
      log: [],
      ...(id === undefined ? {} : { id }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
    side.asks.push(ask);
    const isLate = clocked(ask, now) === "Expired";
    for (const status of isLate ? ["Expired"] : ["DecisionRequired", "ManualDecisionRequired"]) move(ask, status);
  }
  if (answers?.source === "RelationshipTemplate")
    complete(side, { answered: answers, at: post.at, peer: post.from, now });
  else if (answers !== undefined) completeSent(side, { answered: answers, at: post.at, now });
}

// A Response to a Request of an own template makes a LocalRequest that is Completed at once, if it came in time.
function complete(side: Side, given: { answered: Ask | undefined; at: number; peer: string; now: number }): void {
  const { answered, at, peer } = given;
  if (answered?.template === undefined || answered.result === undefined) return;
  if (!side.templates.has(answered.template) || side.asks.some(({ id }) => id === answered.id)) return;
  const { expiresAt, template, result, id } = answered;
  if (expiresAt !== undefined && expiresAt < at) return;
  const ask: Ask = { isOwn: true, peer, source: "RelationshipTemplate", template, status: "Draft", log: [], result };
  if (id !== undefined) ask.id = id;
  side.asks.push(ask);
  move(ask, "Open");
  move(ask, "Completed");
}

// A Response to a Request that was sent completes it, even an Expired one if the answer came in time.
function completeSent(side: Side, { answered, at, now }: { answered: Ask; at: number; now: number }): void {
  const own = side.asks.find((ask) => ask.isOwn && ask.id === answered.id);
  if (own === undefined || answered.result === undefined) return;
  const status = clocked(own, now);
  const isInTime = own.expiresAt === undefined || at <= own.expiresAt;
  if (status !== "Open" && !(status === "Expired" && isInTime)) return;
  own.result = answered.result;
  move(own, "Completed");
}
