import { accountTurn, type Change } from "../engine/change.ts";
import { type CommandOptions, type CommandTag, once, recordResult, tagged } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { creationEntity, type SealedCreation } from "../engine/creation.ts";
import { completeUndelivered, type Decided, type Deciding, decide, prepareDelivery } from "../engine/deciding.ts";
import { claimsSecret, gatherDeciding, judgeDecision, lookForDecision } from "../engine/deciding-facts.ts";
import { deciderByHand } from "../engine/decision-records.ts";
import { type Explanation, explainRequest } from "../engine/explain.ts";
import { gatherGiven, giveAgain } from "../engine/given-attributes.ts";
import { hasOpenIntent, inProgress, openIntent } from "../engine/intents.ts";
import { nothingKnown } from "../engine/knowledge.ts";
import { postLetter, type SealedLetter } from "../engine/outgoing-message.ts";
import { perform } from "../engine/performing.ts";
import { type RequestView, requestView } from "../engine/present.ts";
import { requestFacts } from "../engine/request-facts.ts";
import { afterClock, isIncoming, moveIncoming } from "../engine/request-state.ts";
import { currentRuleSet } from "../engine/rule-sets.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse, unwrap } from "../errors/refusal.ts";
import { parseDecision } from "../items/decisions.ts";
import { needsKnowledge } from "../items/documents-needed.ts";
import type { Decision } from "../model/decision.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { DecisionRecord, IntentRecord, RequestRecord } from "../model/records.ts";
import type { Request } from "../model/request.ts";
import type { Response } from "../model/response.ts";
import type { Validation } from "../model/validation.ts";
import { settleTimers } from "./deadlines.ts";
import { atTheDoor, type Checks, id, listOptions, options, query } from "./door.ts";
import { each, found, type List, type Listed, type ListOptions, listed, type Query } from "./listing.ts";
import { looking } from "./looking.ts";
import { requestFields } from "./request-fields.ts";

/** Requests that peers sent, and the answers to them. */
export interface IncomingRequests {
  get(id: string): Promise<RequestView>;
  /** The same with its version, its view only made when it is asked for. */
  entry(id: string): Promise<Listed<RequestView>>;
  /** Ignored ones (design.md 3) are left out unless the query asks for `ignored`. */
  find(query?: Query, options?: ListOptions): Promise<RequestView[]>;
  /** The same one by one, complete without a limit. */
  each(query?: Query, options?: ListOptions): AsyncIterable<Listed<RequestView>>;
  canAccept(id: string, decision: Decision): Promise<Validation>;
  canReject(id: string, decision: Decision): Promise<Validation>;
  /** Decides; the Response is delivered by itself, as a Relationship or a Message (4.3). */
  accept(id: string, decision: Decision, options?: CommandOptions): Promise<RequestView>;
  reject(id: string, decision: Decision, options?: CommandOptions): Promise<RequestView>;
  /** Tries again to deliver the Response of a Decided one. What the relay refuses can be tried under the same `commandId`. */
  deliver(id: string, options?: CommandOptions): Promise<RequestView>;
  /** Deletes an Expired one. */
  delete(id: string, options?: CommandOptions): Promise<void>;
  /** Who or what decided, and why; undefined while nobody has. */
  decision(id: string): Promise<DecisionRecord | undefined>;
  /** The same for people: what each rule saw and which entries matched, true also after the rules have changed. */
  explain(id: string): Promise<Explanation>;
}

/** The service of one account. */
export function createIncoming(account: Account): IncomingRequests {
  const settle = () => settleTimers(account);
  const answer = (result: "accept" | "reject") => (id: string, given: Decision, named?: CommandOptions) =>
    once<RequestView>(
      account,
      { name: `requests.incoming.${result}`, input: { id, given }, options: named },
      {
        run: (tag) => answered(account, { id, given, result, tag }),
        replay: ({ id: decided }) => finished(account, String(decided)),
      },
    );
  const can = (result: "accept" | "reject") => async (id: string, decision: Decision) => {
    await settle();
    const looked = await lookForDecision(account, id, decision);
    const facts = await gatherDeciding(account, looking(account), { id, decision, looked });
    return unwrap(judgeDecision(account, facts, { id, result, decision }));
  };

  const entry: IncomingRequests["entry"] = async (id) => {
    await settle();
    const stored = await account.store.get<RequestRecord>(keyOf(account.id, "requests", id));
    if (stored?.document.isOwn === false) return listed(stored, ofPeers);
    throw unknown(id);
  };

  const service: IncomingRequests = {
    get: async (id) => (await entry(id)).view(),
    entry,
    find: (query, options) => found(account, listFor(query), { query, options }),
    each: (query, options) => each(account, listFor(query), { query, options }),
    canAccept: can("accept"),
    canReject: can("reject"),
    accept: answer("accept"),
    reject: answer("reject"),
    deliver: (id, given) =>
      once<RequestView>(
        account,
        { name: "requests.incoming.deliver", input: { id }, options: given },
        {
          run: (tag) => account.lanes.run(id, () => deliver(account, id, tag)),
          // Turn 2 stores what carries the Response, the Relationship or the Message; the LocalRequest is read anew.
          replay: async () => requestView(await read(account, id)),
        },
      ),
    delete: (id, given) =>
      once<undefined>(
        account,
        { name: "requests.incoming.delete", input: { id }, options: given },
        {
          async run(tag) {
            await settle();
            return remove(account, id, tag);
          },
          replay: async () => undefined,
        },
      ),
    decision: async (id) => (await account.store.get<DecisionRecord>(keyOf(account.id, "decisions", id)))?.document,
    async explain(id) {
      await settle();
      const { hash: ruleSet } = currentRuleSet(account);
      return explainRequest(account.store, { account: account.id, id, tracers: account.rules, ruleSet });
    },
  };
  return atTheDoor(service, checks);
}

const always = { isOwn: [{ anyOf: [false] }] };
const ofPeers: List<RequestRecord, RequestView> = {
  kind: "requests",
  fields: requestFields,
  always,
  hasDeadlines: true,
  view: requestView,
  isWhole: true,
};
const unignored = extended(ofPeers, { always: extended(always, { ignored: [{ noneOf: [true] }] }) });
const listFor = (query: Query = {}) => ("ignored" in query ? ofPeers : unignored);

const deciding = [id, parseDecision];
const checks: Checks<IncomingRequests> = {
  get: [id],
  entry: [id],
  find: [query, listOptions],
  each: [query, listOptions],
  canAccept: deciding,
  canReject: deciding,
  accept: [...deciding, options],
  reject: [...deciding, options],
  deliver: [id, options],
  delete: [id, options],
  decision: [id],
  explain: [id],
};

async function read(account: Account, id: string): Promise<RequestRecord> {
  const stored = (await account.store.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document;
  if (stored !== undefined && !stored.isOwn) return stored;
  throw unknown(id);
}

function unknown(id: string) {
  return fault("error.runtime.recordNotFound", `There is no incoming LocalRequest ${id}. Check the id.`);
}

interface Answer {
  readonly id: string;
  readonly given: Decision;
  readonly result: "accept" | "reject";
  readonly tag: CommandTag;
}

// Who decides, and what the relay says about the items: nothing, where none of them asks.
async function byHand(account: Account, id: string): Promise<Pick<Deciding, "decider" | "looked">> {
  const record = (await account.store.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document;
  if (record === undefined) return { decider: await deciderByHand(account, id, undefined), looked: nothingKnown };
  const facts = (await requestFacts(account, record)) as unknown as JsonObject;
  const decider = await deciderByHand(account, id, facts);
  const isPlain = !needsKnowledge(record.content as unknown as Request, account.kinds);
  return isPlain ? { decider, looked: nothingKnown } : { decider };
}

async function answered(account: Account, { id, given, result, tag }: Answer): Promise<Outcome<RequestView>> {
  await settleTimers(account);
  return account.lanes.run(id, async () => {
    const decided = await decide(account, { id, result, decision: given, tag, ...(await byHand(account, id)) });
    return decided.ok ? delivered(account, decided.value) : decided;
  });
}

// The decision stands whatever becomes of its delivery (spec/domain.md 4.3): the LocalRequest then says why.
async function delivered(account: Account, { record, intent, isClaim }: Decided): Promise<Outcome<RequestView>> {
  if (intent === undefined) return allow(requestView(record));
  const outcome = await perform(account, intent);
  // Without what it claims from the relay nothing is decided.
  if (isClaim === true && !outcome.ok) return outcome;
  return allow(requestView(await read(account, record.id)));
}

// What the first try gave, or would have given: a delivery that got no answer is tried again.
async function finished(account: Account, id: string): Promise<RequestView> {
  const record = await read(account, id);
  for (const entity of [id, creationEntity(record.peer)]) {
    const intent = (await account.store.get<IntentRecord>(keyOf(account.id, "intents", entity)))?.document;
    if (intent?.facts["answers"] === id) await perform(account, intent, "found");
  }
  return requestView(await read(account, id));
}

async function deliver(account: Account, id: string, tag: CommandTag): Promise<Outcome<RequestView>> {
  const begun = await accountTurn(account, {
    async gather(reads) {
      const facts = await gatherDeciding(account, reads, { id });
      const { request } = facts;
      const response = request?.response?.content as Response | undefined;
      const entities = request === undefined ? [] : [id, creationEntity(request.peer)];
      let isBusy = false;
      for (const entity of entities) isBusy ||= await hasOpenIntent(account, reads, entity);
      const isReady = request !== undefined && response !== undefined && isIncoming(request, "decided") && !isBusy;
      const delivery = isReady
        ? await prepareDelivery(account, reads, extended(facts, { request, response }))
        : undefined;
      const known =
        delivery?.ok === true && request !== undefined ? await gatherGiven(account, reads, request) : undefined;
      return { facts, isBusy, delivery, known };
    },
    plan({ facts, isBusy, delivery, known }, change): Outcome<Decided> {
      const { request } = facts;
      if (request === undefined)
        return refuse("error.runtime.recordNotFound", `There is no incoming LocalRequest ${id}.`);
      if (isBusy) return inProgress(id);
      if (delivery === undefined) {
        return refuse(
          "request.wrongStatus",
          `The LocalRequest ${id} is ${request.status}; only a Decided one can be delivered.`,
        );
      }
      if (!delivery.ok) return delivery;
      if (delivery.value.by === "nobody") {
        const record = completeUndelivered(change, request, facts.now);
        change.put("requests", id, record);
        recordResult(account, change, { tag, result: { id } });
        return allow({ record });
      }
      if (known !== undefined) giveAgain(account, change, { request, known, now: facts.now });
      return allow({ record: request, intent: send(account, change, { delivery: delivery.value, tag }) });
    },
  });
  if (!begun.ok) return begun;
  const { record, intent } = begun.value;
  if (intent !== undefined) {
    const outcome = await perform(account, intent);
    if (!outcome.ok) return outcome;
  }
  return allow(requestView(await read(account, record.id)));
}

type Sendable =
  | { readonly by: "creation"; readonly sealed: SealedCreation }
  | { readonly by: "message"; readonly sealed: SealedLetter };

// The intent carries the command: when the relay refuses it, its id can be used again.
function send(
  account: Account,
  change: Change,
  { delivery, tag }: { readonly delivery: Sendable; readonly tag: CommandTag },
): IntentRecord {
  const { sealed } = delivery;
  const intent = extended(sealed.intent, tagged(tag, sealed.intent.facts));
  if (delivery.by === "creation") openIntent(account, change, { intent, secret: delivery.sealed.secret });
  else postLetter(account, change, extended(delivery.sealed, { intent }));
  return intent;
}

function remove(account: Account, id: string, tag: CommandTag): Promise<Outcome<undefined>> {
  return accountTurn(account, {
    async gather(reads) {
      const now = instantOf(account.clock.now());
      const stored = (await reads.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document;
      return { request: stored?.isOwn === false ? afterClock(stored, now).record : undefined, now };
    },
    plan({ request, now }, change) {
      if (request === undefined)
        return refuse("error.runtime.recordNotFound", `There is no incoming LocalRequest ${id}.`);
      const moved = moveIncoming(request, { type: "request.deleted" }, now);
      if (!moved.ok) return moved;
      change.remove("requests", id);
      change.remove("decisions", id);
      change.remove("secrets", claimsSecret(id));
      change.deadline(id, undefined);
      recordResult(account, change, { tag, result: {} });
      return allow(undefined);
    },
  });
}
