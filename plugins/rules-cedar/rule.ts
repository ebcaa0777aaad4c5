/**
 * Rules in Cedar. How its words map to ours:
 *
 * | Cedar | is |
 * | --- | --- |
 * | principal | `Peer::"did:e:…"`, who asks |
 * | action | `Action::"decide"` for an item of a Request, `Action::"acceptRelationship"` for a pending Relationship |
 * | resource | `Item::"items[0]"` with the members of the item, or `Relationship::"REL…"` with those of the Relationship |
 * | context | the facts: `self`, `now`, `request`, `template` if there is one, for items also `relationshipAlreadyExists` |
 * | context.time | `now`, `createdAt` and `expiresAt` as datetimes, as far as they are there |
 * | permit | accepts |
 * | forbid | rejects, with the annotations `@code` and `@message`; it wins over any permit |
 * | nothing | leaves it to a person |
 *
 * A Request is decided when every item is permitted or forbidden, and accepted when one of them is permitted. No type of item
 * is left out: policies say themselves what they do not permit. What cannot be evaluated permits nothing.
 */
import { createHash } from "node:crypto";
import type {
  DecisionItem,
  JsonObject,
  RelationshipFacts,
  RequestFacts,
  RequestVerdict,
  RulePort,
  TracedEntry,
} from "rapport/core";
import { type CedarCall, type CedarLike, type CedarValue, loadCedar } from "./driver.ts";
import { createPolicySet, type PolicySet, readPolicies, type Said, validatePolicies } from "./policies.ts";
import { recordOf, timeOf } from "./values.ts";

/** Policies and how to read them. */
export interface RulesCedarOptions {
  /** One text, or texts by name with one policy each. */
  readonly policies: string | Readonly<Record<string, string>>;
  /** A Cedar schema that the policies are checked against when they are read; facts are not checked against it. */
  readonly schema?: string;
  /** The rule's name in decision records; must be unique. Default "rules-cedar". */
  readonly name?: string;
  /** The package @cedar-policy/cedar-wasm, if it shall not be loaded by itself. */
  readonly cedar?: CedarLike;
}

/** Makes a rule of policies. Faults: `rules.invalid` with Cedar's words, `plugin.failed` without the package. */
export function createCedarRule(options: RulesCedarOptions): RulePort {
  const { schema, name = "rules-cedar", cedar = loadCedar() } = options;
  const policies = readPolicies(cedar, options.policies);
  if (schema !== undefined) validatePolicies(cedar, policies, schema);
  const set = createPolicySet(cedar, policies);
  const source = { policies: Object.fromEntries(policies.map((policy) => [policy.name, policy.text])) };
  return Object.freeze({
    name,
    plugin: reading,
    revision: createHash("sha256")
      .update(JSON.stringify([reading, source]))
      .digest("hex"),
    source,
    judgeRequest: (facts: RequestFacts) => requestVerdict(set, facts),
    judgeRelationship: (facts: RelationshipFacts) => {
      const { effect, by } = set.ask(relationshipCall(facts));
      if (effect === "nothing") return { verdict: "manual", reason: openReason("the Relationship", by) } as const;
      return { verdict: effect === "permit" ? "accept" : "reject", reason: `Decided by ${by.join(", ")}.` } as const;
    },
    traceRequest: (facts: RequestFacts, stored: JsonObject) => {
      const trace = createTrace(cedar, stored);
      return itemCalls(facts).flatMap(({ place, call }) => trace(call).map((entry) => ({ ...entry, item: place })));
    },
    traceRelationship: (facts: RelationshipFacts, stored: JsonObject) =>
      createTrace(cedar, stored)(relationshipCall(facts)),
  });
}

/** How facts are handed to Cedar. Another number: the same policies may decide otherwise than before. */
const reading = "rules-cedar@1";

type Call = Omit<CedarCall, "preparsedPolicySetId">;

function requestVerdict(set: PolicySet, facts: RequestFacts): RequestVerdict {
  const entries: Record<string, string> = {};
  const said = new Map<string, Said>();
  for (const { place, call } of itemCalls(facts)) {
    const one = set.ask(call);
    if (one.effect === "nothing") return { verdict: "manual", reason: openReason(place, one.by), entries };
    entries[place] = one.by.join(", ");
    said.set(place, one);
  }
  const answer = (place: string) => decisionOf(set, said.get(place));
  const items = itemsIn(facts.request["content"]).map((item, index): DecisionItem => {
    if (item["@type"] !== "RequestItemGroup") return answer(`items[${index}]`);
    return { items: itemsIn(item).map((_child, below) => answer(`items[${index}].items[${below}]`)) } as DecisionItem;
  });
  const isAccepting = [...said.values()].some(({ effect }) => effect === "permit");
  return { verdict: isAccepting ? "accept" : "reject", items, entries };
}

function openReason(what: string, by: readonly string[]): string {
  return by.length === 0 ? `No policy is about ${what}.` : `${by.join(", ")} could not be evaluated for ${what}.`;
}

function decisionOf({ policies }: PolicySet, said: Said | undefined): DecisionItem {
  if (said?.effect === "permit") return { accept: true };
  const annotations = policies.find(({ name }) => said?.by.includes(name))?.annotations ?? {};
  const { code, message } = annotations;
  return { accept: false, ...(code === undefined ? {} : { code }), ...(message === undefined ? {} : { message }) };
}

function itemCalls(facts: RequestFacts): readonly { readonly place: string; readonly call: Call }[] {
  const { relationships, ...others } = facts;
  const { peer, createdAt, content } = facts.request;
  const expiresAt = (content as JsonObject | undefined)?.["expiresAt"];
  const time = timesOf({ now: facts.now, createdAt, expiresAt });
  const context = { ...recordOf(others), relationshipAlreadyExists: relationships.length > 0, time };
  const call = (place: string, item: JsonObject) => ({
    place,
    call: { ...callOf(peer, "decide", context), ...resourceOf({ type: "Item", id: place }, item) },
  });
  return itemsIn(content).flatMap((item, index) => {
    if (item["@type"] !== "RequestItemGroup") return [call(`items[${index}]`, item)];
    return itemsIn(item).map((child, below) => call(`items[${index}].items[${below}]`, child));
  });
}

function relationshipCall(facts: RelationshipFacts): Call {
  const { relationship, ...others } = facts;
  const { peer, id, auditLog } = relationship;
  const createdAt = (auditLog as readonly JsonObject[] | undefined)?.[0]?.["createdAt"];
  const context = { ...recordOf(others), time: timesOf({ now: facts.now, createdAt }) };
  const resource = { type: "Relationship", id: String(id) };
  return { ...callOf(peer, "acceptRelationship", context), ...resourceOf(resource, relationship) };
}

function callOf(peer: JsonObject[string], action: string, context: Record<string, CedarValue>) {
  return { principal: { type: "Peer", id: String(peer) }, action: { type: "Action", id: action }, context };
}

function resourceOf(uid: { readonly type: string; readonly id: string }, members: JsonObject) {
  return { resource: uid, entities: [{ uid, attrs: recordOf(members), parents: [] as [] }] };
}

function timesOf(texts: JsonObject): Record<string, CedarValue> {
  const times: Record<string, CedarValue> = {};
  for (const [member, text] of Object.entries(texts)) {
    const time = timeOf(text);
    if (time !== undefined) times[member] = time;
  }
  return times;
}

function itemsIn(holder: JsonObject[string]): readonly JsonObject[] {
  return (holder as { readonly items?: readonly JsonObject[] } | undefined)?.items ?? [];
}

// Those of one effect are asked together, as they do not hinder each other, and all of them say whose word counts. A set for
// each policy would be kept by Cedar for as long as the process lives.
function createTrace(cedar: CedarLike, stored: JsonObject): (call: Call) => readonly TracedEntry[] {
  const policies = readPolicies(cedar, stored["policies"] as Record<string, string>);
  const together = createPolicySet(cedar, policies);
  const apart = (["permit", "forbid"] as const).map((effect) =>
    createPolicySet(
      cedar,
      policies.filter((policy) => policy.effect === effect),
    ),
  );
  return (call) => {
    const { effect } = together.ask(call);
    const said = apart.map((set) => set.ask(call));
    const matching = new Set(said.flatMap((one) => (one.effect === "nothing" ? [] : one.by)));
    return policies.map((policy): TracedEntry => {
      const answer = policy.effect === "permit" ? "accept" : "reject";
      const base = { entry: policy.name, conditions: [], answer };
      if (!matching.has(policy.name)) return { ...base, outcome: "not matched" };
      return { ...base, outcome: policy.effect === effect ? "decided" : "late" };
    });
  };
}
