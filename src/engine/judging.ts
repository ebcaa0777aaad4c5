/**
 * Runs the rules (design.md 2.2, 5): outside any turn, on frozen copies, in the order contributed; the verdict comes back
 * as a turn that finds the Request unchanged or judges again. A request that needs judging says so by its status, so a
 * crash or a missed event leaves nothing behind.
 */
import { hasCode } from "../errors/rapport-error.ts";
import { allow, type Outcome } from "../errors/refusal.ts";
import { ignoredRequestLifeMs, ruleTimeMs } from "../limits.ts";
import type { Decision } from "../model/decision.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type {
  DecisionRecord,
  MessageRecord,
  RelationshipRecord,
  RequestRecord,
  TemplateRecord,
} from "../model/records.ts";
import type { RelationshipFacts, RequestFacts, Rule } from "../ports/rule.ts";
import { accountTurn } from "./change.ts";
import type { Account } from "./context.ts";
import { announceProcessed, decide } from "./deciding.ts";
import { perform } from "./intents.ts";
import { relationshipView, requestView } from "./present.ts";
import { keep } from "./receive.ts";
import { changeStatus } from "./relationship-commands.ts";
import { isRelationship } from "./relationship-state.ts";
import { afterClock, deadlineOf, isIncoming, moveIncoming } from "./request-state.ts";
import { presentTemplate } from "./templates-view.ts";

/** Judges everything of the account that waits for a verdict. */
export async function judgeAll(account: Account): Promise<void> {
  if (account.rules.some((rule) => rule.judgeRequest !== undefined)) {
    const where = { status: [{ anyOf: ["DecisionRequired"] }] };
    for await (const { document } of account.store.find<RequestRecord>({
      under: pathOf(account.id, "requests"),
      where,
    })) {
      if (!document.isOwn) await judgeRequest(account, document.id);
    }
  }
  if (account.rules.some((rule) => rule.judgeRelationship !== undefined)) {
    const where = { status: [{ anyOf: ["Pending"] }] };
    const query = { under: pathOf(account.id, "relationships"), where };
    for await (const { document } of account.store.find<RelationshipRecord>(query)) {
      if (document.role === "templator" && document.judged === undefined) await judgeRelationship(account, document);
    }
  }
}

/** Judges one incoming LocalRequest, if it waits for that. */
export function judgeRequest(account: Account, id: string): Promise<void> {
  return account.lanes.run(`judge-${id}`, async () => {
    const key = keyOf(account.id, "requests", id);
    const stored = (await account.store.get<RequestRecord>(key))?.document;
    if (stored === undefined) return;
    const record = afterClock(stored, instantOf(account.clock.now())).record;
    if (record.status !== "DecisionRequired") return;
    const { facts, subject } = await requestFacts(account, record);
    const judged = await firstVerdict(account, (rule) => rule.judgeRequest?.(facts));
    const decider = recordOf(account, judged, facts as unknown as JsonObject);
    const { verdict } = judged;
    if (verdict?.verdict === "accept" || verdict?.verdict === "reject") {
      const decision: Decision = { items: verdict.items };
      const decided = await decide(account, {
        id,
        result: verdict.verdict,
        decision,
        decider,
        ...(subject === undefined ? {} : { subject }),
      });
      if (decided.ok) {
        if (decided.value.intent !== undefined) await deliverLater(account, decided.value.intent);
        return;
      }
      decider.tried.push({
        rule: judged.rule?.name ?? "",
        refused: decided.refusal.code,
        message: decided.refusal.message,
      });
    }
    await leaveToPeople(account, { id, isIgnored: verdict?.verdict === "ignore", decider, subject });
  });
}

async function deliverLater(account: Account, intent: Parameters<typeof perform>[1]): Promise<void> {
  try {
    const outcome = await perform(account, intent);
    if (!outcome.ok) account.log.write("warn", "A Response could not be delivered.", { code: outcome.refusal.code });
  } catch (problem) {
    if (!hasCode(problem, "relay.unreachable")) throw problem;
  }
}

async function requestFacts(account: Account, record: RequestRecord) {
  const relationships: JsonObject[] = [];
  const where = { peer: [{ anyOf: [record.peer] }] };
  const query = { under: pathOf(account.id, "relationships"), where };
  for await (const { document } of account.store.find<RelationshipRecord>(query)) {
    relationships.push(relationshipView(document) as JsonObject);
  }
  const { type, reference } = record.source ?? { type: "", reference: "" };
  const get = account.store.get;
  const template =
    type === "RelationshipTemplate"
      ? (await get<TemplateRecord>(keyOf(account.id, "templates", reference)))?.document
      : undefined;
  const message =
    type === "Message" ? (await get<MessageRecord>(keyOf(account.id, "messages", reference)))?.document : undefined;
  const facts: RequestFacts = frozen({
    self: account.self,
    now: instantOf(account.clock.now()),
    request: requestView(record) as JsonObject,
    relationships,
    ...(template === undefined ? {} : { template: publicTemplate(template) }),
  });
  const subject = template === undefined ? message : await presentTemplate(account, template, get);
  return { facts, subject: subject as JsonObject | undefined };
}

// Rules see no reference: it holds the template's key.
function publicTemplate(template: TemplateRecord): JsonObject {
  const { identityPublicKey: _key, templateKey: _templateKey, ...view } = template;
  return view;
}

interface Judged<V> {
  readonly verdict: V | undefined;
  readonly rule: Rule | undefined;
  readonly tried: JsonObject[];
}

type AnyVerdict = { readonly verdict: string; readonly reason?: string; readonly conditions?: readonly object[] };

async function firstVerdict<V extends AnyVerdict>(
  account: Account,
  ask: (rule: Rule) => V | undefined | Promise<V | undefined>,
): Promise<Judged<V>> {
  const tried: JsonObject[] = [];
  for (const rule of account.rules) {
    const { verdict, problem } = await inTime(account, () => ask(rule));
    tried.push({
      rule: rule.name,
      ...(rule.plugin === undefined ? {} : { plugin: rule.plugin }),
      verdict: verdict?.verdict ?? "none",
      ...(verdict?.reason === undefined ? {} : { reason: verdict.reason }),
      ...(verdict?.conditions === undefined ? {} : { conditions: verdict.conditions as readonly JsonObject[] }),
      ...(problem === undefined ? {} : { problem }),
    });
    if (problem !== undefined) return { verdict: undefined, rule, tried };
    if (verdict !== undefined && verdict.verdict !== "manual") return { verdict, rule, tried };
  }
  return { verdict: undefined, rule: undefined, tried };
}

// A rule that throws or is late means that a person decides; it can harm nobody.
async function inTime<V>(account: Account, ask: () => V | Promise<V>): Promise<{ verdict?: V; problem?: string }> {
  const stop = new AbortController();
  try {
    const answer = ask();
    if (!(answer instanceof Promise)) return { verdict: answer };
    const late = account.clock
      .sleep(ruleTimeMs, stop.signal)
      .then(() => ({ problem: `no verdict after ${ruleTimeMs} ms` }));
    return await Promise.race([answer.then((verdict) => ({ verdict })), late]);
  } catch (problem) {
    account.log.write("warn", "A rule threw.", { problem: String(problem) });
    return { problem: String(problem) };
  } finally {
    stop.abort();
  }
}

type Decider = Omit<DecisionRecord, "entity" | "peer" | "decidedAt" | "verdict" | "decision" | "tried"> & {
  tried: JsonObject[];
};

function recordOf(account: Account, judged: Judged<AnyVerdict>, facts: JsonObject): Decider {
  const { rule, tried } = judged;
  const named =
    rule === undefined ? {} : { rule: rule.name, ...(rule.plugin === undefined ? {} : { plugin: rule.plugin }) };
  return { decider: { kind: "rule", ...named }, ruleSet: ruleSetOf(account), tried, facts };
}

function ruleSetOf(account: Account): string {
  return account.rules.map(({ name, plugin }) => (plugin === undefined ? name : `${name} (${plugin})`)).join(", ");
}

function leaveToPeople(
  account: Account,
  left: { id: string; isIgnored: boolean; decider: Decider; subject: JsonObject | undefined },
): Promise<Outcome<undefined>> {
  const { id, isIgnored, decider, subject } = left;
  return accountTurn(account, {
    gather: async (reads) => ({
      record: (await reads.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document,
      now: account.clock.now(),
    }),
    plan({ record, now }, change) {
      if (record === undefined || !isIncoming(record, "decidable")) return allow(undefined);
      const at = instantOf(now);
      const fact = isIgnored
        ? ({ type: "rule.ignored", expiresAt: instantOf(now + ignoredRequestLifeMs) } as const)
        : ({ type: "automation.declined" } as const);
      const next = keep(change, moveIncoming(record, fact, at), record);
      change.put("requests", id, next);
      change.deadline(id, deadlineOf(next));
      const verdict = isIgnored ? "ignore" : "manual";
      change.put("decisions", id, { entity: id, peer: record.peer, decidedAt: at, verdict, ...decider });
      if (!isIgnored) announceProcessed(change, next, { result: "ManualRequestDecisionRequired", subject });
      return allow(undefined);
    },
  });
}

/** Judges a pending Relationship that a peer created. */
export async function judgeRelationship(account: Account, record: RelationshipRecord): Promise<void> {
  const get = account.store.get;
  const template = (await get<TemplateRecord>(keyOf(account.id, "templates", record.templateId)))?.document;
  const response = (record.creationContent as { response?: { requestId?: string } }).response;
  const request = (await get<RequestRecord>(keyOf(account.id, "requests", response?.requestId ?? "none")))?.document;
  const facts: RelationshipFacts = frozen({
    self: account.self,
    now: instantOf(account.clock.now()),
    relationship: relationshipView(record) as JsonObject,
    ...(template === undefined ? {} : { template: publicTemplate(template) }),
    ...(request === undefined ? {} : { request: requestView(request) as JsonObject }),
  });
  const judged = await firstVerdict(account, (rule) => rule.judgeRelationship?.(facts));
  const { verdict } = judged;
  const decider = recordOf(account, judged, facts as unknown as JsonObject);
  if (verdict?.verdict === "accept" || verdict?.verdict === "reject") {
    const step = verdict.verdict === "accept" ? "creation.accepted" : "creation.rejected";
    const content = verdict.content === undefined ? {} : { content: verdict.content };
    await answerLater(account, () => changeStatus(account, { id: record.id, step, ...content, decider }));
    return;
  }
  await markJudged(account, { id: record.id, judged: verdict?.verdict === "ignore" ? "ignored" : "manual", decider });
}

async function answerLater(account: Account, answer: () => Promise<Outcome<unknown>>): Promise<void> {
  try {
    const outcome = await answer();
    if (!outcome.ok)
      account.log.write("warn", "A rule's verdict could not be carried out.", { code: outcome.refusal.code });
  } catch (problem) {
    if (!hasCode(problem, "relay.unreachable")) throw problem;
  }
}

function markJudged(
  account: Account,
  mark: { id: string; judged: "manual" | "ignored"; decider: Decider },
): Promise<Outcome<undefined>> {
  return accountTurn(account, {
    gather: async (reads) =>
      (await reads.get<RelationshipRecord>(keyOf(account.id, "relationships", mark.id)))?.document,
    plan(record, change) {
      if (record === undefined || !isRelationship(record, "pending")) return allow(undefined);
      change.put("relationships", mark.id, { ...record, judged: mark.judged });
      const decidedAt = instantOf(account.clock.now());
      const verdict = mark.judged === "ignored" ? "ignore" : "manual";
      change.put("decisions", mark.id, { entity: mark.id, peer: record.peer, decidedAt, verdict, ...mark.decider });
      return allow(undefined);
    },
  });
}

function frozen<T>(value: T): T {
  const copy = structuredClone(value);
  freeze(copy);
  return copy;
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
}
