// One recorded decision judged again: the recorded facts, other rules, and the engine's own functions. Writes nothing.
import type { Refusal } from "../errors/refusal.ts";
import { documentsNeeded, looksNeeded } from "../items/documents-needed.ts";
import type { ItemKinds } from "../items/item-kinds.ts";
import { knowledgeRoundsMax } from "../limits.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { DecisionRecord } from "../model/records.ts";
import type { Request } from "../model/request.ts";
import { isSameJson } from "../model/same-json.ts";
import { isObject } from "../model/shape.ts";
import type { Clock } from "../ports/clock.ts";
import type { ItemInfo } from "../ports/item-kind.ts";
import type { RelationshipFacts, RelationshipVerdict, RequestFacts, RequestVerdict, Rule } from "../ports/rule.ts";
import type { Store } from "../ports/store.ts";
import { type AnyVerdict, firstVerdict, type Judged } from "./asking-rules.ts";
import { tracedBy } from "./decision-records.ts";
import { refusalOfWish, type Wish, wishOf } from "./outcome.ts";
import { type Recalled, recall, recalledKnown } from "./recorded-facts.ts";
import { touches } from "./redaction.ts";
import { entriesOf, type Standing } from "./standing.ts";

/** What judging again takes, whatever the record. */
export interface Again {
  readonly get: Store["get"];
  readonly account: string;
  readonly rules: readonly Rule[];
  readonly kinds: ItemKinds;
  readonly clock: Clock | undefined;
}

/** What is judged again. */
export interface Past {
  readonly record: DecisionRecord;
  readonly facts: JsonObject;
  readonly from: Standing;
}

/** What would have come of it, or why nobody can tell. */
export type JudgedAgain = { readonly to: Standing; readonly isWithNow: boolean } | { readonly why: string };

/** Asks the rules about the recorded facts and works out what would have come of their verdict. */
export async function judgeAgain(again: Again, past: Past): Promise<JudgedAgain> {
  const recalled = recall(past.facts);
  const doubts: string[] = [];
  const isRelationship = "relationship" in past.facts;
  const judged = await firstVerdict<AnyVerdict>(asking(again), async (rule) => {
    recalled.hasLooked();
    const verdict = await (isRelationship
      ? rule.judgeRelationship?.(recalled.facts as unknown as RelationshipFacts)
      : rule.judgeRequest?.(recalled.facts as unknown as RequestFacts));
    const doubt = doubtAbout(rule, recalled);
    if (doubt !== undefined) doubts.push(doubt);
    return verdict;
  });
  const [doubt] = doubts;
  if (doubt !== undefined) return { why: doubt };
  const { problem } = judged;
  if (problem !== undefined && !hadProblem(past.record, judged.rule)) {
    return { why: `the rule ${judged.rule?.name} failed: ${problem}` };
  }
  return isRelationship
    ? relationshipOutcome(judged as Judged<RelationshipVerdict>, past)
    : requestOutcome(again, past, judged as Judged<RequestVerdict>);
}

const asking = ({ rules, clock }: Again) => (clock === undefined ? { rules } : { rules, clock });

const hadProblem = ({ tried }: DecisionRecord, rule: Rule | undefined) =>
  tried.some((entry) => entry["rule"] === rule?.name && entry["problem"] !== undefined);

// A rule that reads everything has not thereby decided by everything: where it can say what it compared, that counts.
function doubtAbout(rule: Rule, { facts, redacted, hasLooked }: Recalled): string | undefined {
  if (!hasLooked()) return undefined;
  const trace = rule.source === undefined ? undefined : tracedBy(rule, facts, rule.source);
  hasLooked();
  if (trace === undefined)
    return `the rule ${rule.name} looks at a value that is not recorded (${redacted.join(", ")})`;
  const unsure = trace.find(({ conditions, item }) => {
    const hidden = conditions.filter(({ path }) => touches(path, redacted, item));
    return hidden.length > 0 && conditions.every((one) => one.matched || hidden.includes(one));
  });
  return unsure && `the entry ${unsure.entry} of ${rule.name} looks at a value that is not recorded`;
}

function saidNow(judged: Judged<AnyVerdict>): Omit<Standing, "verdict"> {
  const { rule, verdict } = judged;
  return rule === undefined ? {} : { rule: rule.name, ...entriesOf(verdict?.entries) };
}

function relationshipOutcome(judged: Judged<RelationshipVerdict>, { record }: Past): JudgedAgain {
  const { verdict } = judged;
  const said = saidNow(judged);
  if (verdict === undefined) return { to: { verdict: "manual", ...said }, isWithNow: false };
  if (verdict.verdict !== "accept" && verdict.verdict !== "reject") {
    return { to: { verdict: verdict.verdict, ...said }, isWithNow: false };
  }
  const refused = obstacleFor(record, verdict.verdict);
  if (refused !== undefined) return { to: { verdict: "manual", ...said, refused }, isWithNow: false };
  const decision = verdict.content === undefined ? {} : { decision: { content: verdict.content } };
  return { to: { verdict: verdict.verdict, ...decision, ...said }, isWithNow: false };
}

type Decisive = Extract<Wish, { decision: unknown }>;

async function requestOutcome(again: Again, past: Past, judged: Judged<RequestVerdict>): Promise<JudgedAgain> {
  const wish = wishOf(judged.verdict);
  const said = saidNow(judged);
  if (!("decision" in wish)) {
    const refused = "refusal" in wish && wish.refusal !== undefined ? { refused: shortly(wish.refusal) } : {};
    return { to: { verdict: wish.result, ...said, ...refused }, isWithNow: false };
  }
  const obstacle = obstacleFor(past.record, wish.result);
  if (obstacle !== undefined) return { to: { verdict: "manual", ...said, refused: obstacle }, isWithNow: false };
  const found = await knowledgeFor(again, past, wish);
  if ("why" in found) return found;
  const { request, info, isWithNow } = found;
  const refusal = refusalOfWish(wish, { request, kinds: again.kinds, info });
  if (refusal !== undefined) return { to: { verdict: "manual", ...said, refused: shortly(refusal) }, isWithNow };
  return { to: { verdict: wish.result, decision: wish.decision as unknown as JsonObject, ...said }, isWithNow };
}

const shortly = ({ code, message }: Refusal) => ({ code, message });

/** Refused whatever the items say: what stood around the Request then would have stood in the way of this verdict, too. */
const always = [
  "error.consumption.requests.wrongRelationshipStatus",
  "error.consumption.requests.peerIsInDeletion",
  "error.consumption.requests.peerIsDeleted",
];

function obstacleFor({ tried }: DecisionRecord, result: string): Standing["refused"] | undefined {
  const met = tried.find((entry) => entry["obstacle"] === true);
  if (met === undefined) return undefined;
  const wanted = isObject(met["wanted"]) ? met["wanted"]["verdict"] : undefined;
  const refused = { code: String(met["refused"]), message: String(met["message"]) };
  return wanted === result || always.includes(refused.code) ? refused : undefined;
}

type Found = { readonly request: Request; readonly info: ItemInfo; readonly isWithNow: boolean };

// The decision of then is validated with what was known then, to the letter. Another one may want to know more: documents
// are read as they are now; the relay cannot be asked any more.
async function knowledgeFor(again: Again, past: Past, wish: Decisive): Promise<Found | { readonly why: string }> {
  const { record, facts } = past;
  const request = Object((facts["request"] as JsonObject)["content"]) as Request;
  const peer = String((facts["request"] as JsonObject)["peer"]);
  const known = recalledKnown(record.left?.facts);
  for (const [key, document] of recalledKnown(record.facts)) known.set(key, document);
  const info: ItemInfo = {
    self: String(facts["self"]),
    peer,
    now: validatedAt(past, wish),
    requestId: record.entity,
    known,
    newId: idsBeside(request),
  };
  const occasion = { request, kinds: again.kinds, info, decision: wish.decision };
  if (isSameJson(decisionOfThen(record), wish.decision as unknown as Json)) return { request, info, isWithNow: false };
  if (looksNeeded(occasion).length > 0) return { why: "it would have asked the relay, which was not asked then" };
  let isWithNow = false;
  for (let round = 0; round < knowledgeRoundsMax; round += 1) {
    const keys = documentsNeeded(occasion);
    if (keys.length === 0) break;
    isWithNow = true;
    for (const key of keys) known.set(key, (await again.get<JsonObject>(`${again.account}/${key}`))?.document);
  }
  return { request, info, isWithNow };
}

// Ids that are not in use: the peer chooses those in its Request, perhaps the very ones that are counted here.
function idsBeside(request: Request): ItemInfo["newId"] {
  let ids = 0;
  let text: string | undefined;
  return (prefix) => {
    text ??= JSON.stringify(request);
    for (;;) {
      ids += 1;
      const id = `${prefix}${String(ids).padStart(17, "0")}`;
      if (!text.includes(id)) return id;
    }
  };
}

function decisionOfThen({ decision, tried }: DecisionRecord): JsonObject | undefined {
  if (decision !== undefined) return decision;
  const wanted = tried.find((entry) => entry["refused"] !== undefined)?.["wanted"];
  if (!isObject(wanted)) return undefined;
  const { verdict: _verdict, ...then } = wanted;
  return then;
}

// Validating comes after asking: at the very instant of the decision, or of the refusal.
function validatedAt({ record, facts }: Past, wish: Decisive): string {
  const refused = record.tried.find((entry) => entry["refused"] !== undefined);
  if (refused !== undefined) return String(refused["at"]);
  const isOwn = record.decider.kind === "rule" && record.verdict === wish.result;
  return isOwn ? record.decidedAt : String(facts["now"]);
}
