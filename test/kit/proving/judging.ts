/**
 * Judges made-up Requests as the engine would: they are handed to its own dry run (docs/explain.md) as decisions of a past that
 * never was. So order, failing rules and what validating does to a verdict are the engine's, and none of it is written twice.
 */
import { openPast, type TriedDecision } from "rapport";
import type {
  Decision,
  ItemDecision,
  ItemKindPort,
  JsonObject,
  RequestFacts,
  RequestVerdict,
  RulePort,
  StorePort,
} from "rapport/core";
import { relationshipMachine } from "rapport/machines";
import { leavesOf, valueUnder } from "./leaves.ts";

/** What comes of a Request or of one of its items; `manual` is a person. */
export type Outcome = "accept" | "reject" | "manual" | "ignore";

/** One item of a Request that was judged, by its place (`items[0]`, `items[2].items[1]`). */
export interface JudgedItem {
  readonly place: string;
  readonly item: JsonObject;
  readonly verdict: Outcome;
  /** The line of a table, or the policies, that answered the item; absent where nobody says so. */
  readonly entry?: string;
}

/** A Request, what the rules saw, and what would have come of it. */
export interface JudgedRequest {
  /** The LocalRequest that the rules saw; the same as `facts.request`. */
  readonly request: JsonObject;
  readonly facts: RequestFacts;
  readonly verdict: Outcome;
  readonly items: readonly JudgedItem[];
  /** The rule whose word it is; absent when every rule left it to the next. */
  readonly rule?: string;
  /** What that rule gave as its reason. */
  readonly reason?: string;
  /** The rule wanted what the Request does not allow, so that a person decides. */
  readonly refused?: { readonly code: string; readonly message: string };
  /** A rule failed like this, so that a person decides. */
  readonly problem?: string;
  /** Names of the lines that answered any item. */
  readonly entries: readonly string[];
}

/** Rules that are asked about one Request after the other. */
export interface Judging extends AsyncDisposable {
  judge(facts: RequestFacts): Promise<JudgedRequest>;
}

/** What is judged by. */
export interface JudgingOptions {
  readonly rules: readonly RulePort[];
  readonly itemKinds?: readonly ItemKindPort[];
}

/** Opens the engine's dry run on Requests that are given one by one. */
export async function openJudging({ rules, itemKinds = [] }: JudgingOptions): Promise<Judging> {
  const heard: Heard[] = [];
  const overheard = rules.map((rule) => overhear(rule, heard));
  const waiting: JsonObject[] = [];
  const past = await openPast(pastOf(waiting));
  const trial = past.tryRules(account, { rules: overheard, itemKinds });
  // A rule that fails is no reason to doubt the record: it has failed then, too.
  const tried = rules.map(({ name }) => ({ rule: name, problem: "it fails" }));
  return {
    async judge(facts) {
      const frame = { ...recordFrame, peer: String(facts.request["peer"]), facts: facts as unknown as JsonObject };
      const record = { ...frame, tried: [...tried, ...obstacles(facts)] };
      const tryOn = async (more: JsonObject) => {
        heard.length = 0;
        waiting.push({ ...record, ...more });
        return (await trial.next()).value as TriedDecision;
      };
      const row = await tryOn({});
      const wanted = heard.at(-1)?.verdict;
      if (row.to !== undefined || wanted === undefined || isRelayAsked(facts)) return judged(facts, row, heard);
      // It would have asked the relay. As a decision that was taken, it is validated with what was known, and nobody is asked.
      return judged(facts, await tryOn({ decision: { items: Object(wanted).items ?? [] } }), heard);
    },
    [Symbol.asyncDispose]: async () => past[Symbol.asyncDispose](),
  };
}

const account = "proof";

const recordFrame: JsonObject = {
  entity: "REQ00000000000000001",
  decidedAt: "",
  verdict: "manual",
  decider: { kind: "rule", rule: "" },
};

// Whether a File may change hands is the relay's to say, so an accepting verdict is taken as it is.
const isRelayAsked = ({ request }: RequestFacts) =>
  leavesOf(request["content"]).every(({ item }) => item["@type"] === "TransferFileOwnershipRequestItem");

const tagsOf = (status: unknown): readonly string[] =>
  relationshipMachine.states[status as keyof typeof relationshipMachine.states]?.tags ?? [];

// While the Relationship that counts is in such a status, the engine carries out no decision; records say so.
function obstacles({ request, relationships }: RequestFacts): readonly JsonObject[] {
  const counts = relationships.findLast(({ status }) => tagsOf(status).includes("existing")) ?? relationships.at(-1);
  const isByMessage = valueUnder(request, "source.type") === "Message";
  const tag = isByMessage ? "decideMessageRequest" : "decideTemplateRequest";
  if (counts === undefined || tagsOf(counts["status"]).includes(tag)) return [];
  const message = `The Relationship with the peer is ${String(counts["status"])}; the Request cannot be decided.`;
  return [{ obstacle: true, refused: "error.consumption.requests.wrongRelationshipStatus", message, wanted: {} }];
}

/** What a rule said when it was asked, or how it failed. */
interface Heard {
  readonly rule: string;
  readonly verdict?: RequestVerdict | undefined;
  readonly problem?: string;
}

function overhear(rule: RulePort, heard: Heard[]): RulePort {
  const { name, judgeRequest } = rule;
  if (judgeRequest === undefined) return { name };
  const listening = async (answer: Promise<RequestVerdict | undefined>) => {
    try {
      const verdict = await answer;
      heard.push({ rule: name, verdict });
      return verdict;
    } catch (problem) {
      heard.push({ rule: name, problem: textOf(problem) });
      throw problem;
    }
  };
  return {
    name,
    judgeRequest(facts) {
      let answer: ReturnType<typeof judgeRequest>;
      try {
        answer = judgeRequest.call(rule, facts);
      } catch (problem) {
        heard.push({ rule: name, problem: textOf(problem) });
        throw problem;
      }
      if (answer instanceof Promise) return listening(answer);
      heard.push({ rule: name, verdict: answer });
      return answer;
    },
  };
}

// What is thrown may be anything, also what cannot be told.
function textOf(problem: unknown): string {
  try {
    return String(problem);
  } catch {
    return "something that is no text";
  }
}

/** A store whose past is what is put into `waiting`; nothing else is in it. */
function pastOf(waiting: JsonObject[]): StorePort {
  async function* decisions() {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      yield { key: `${account}/decisions/made-up`, version: 1, document: next };
  }
  const store = {
    open: async () => undefined,
    get: async () => undefined,
    find: () => decisions(),
    commit: async () => ({ ok: false }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  return store as unknown as StorePort;
}

function judged(facts: RequestFacts, tried: TriedDecision, heard: readonly Heard[]): JudgedRequest {
  const last = heard.at(-1);
  const wanted = last?.verdict;
  const wantedVerdict = outcomeOf(wanted?.verdict);
  // What the relay would have to be asked about may well be allowed.
  const verdict = tried.to === undefined ? wantedVerdict : outcomeOf(tried.to.verdict);
  const decision = (tried.to?.decision ?? (tried.to === undefined ? wanted : undefined)) as Decision | undefined;
  const named: { readonly [place: string]: string } = Object(wanted?.entries);
  const items = leavesOf(facts.request["content"]).map(({ item, place, index, below }): JudgedItem => {
    const own = itemOutcome(verdict, decision, { index, below });
    const entry = named[place];
    return entry === undefined ? { place, item, verdict: own } : { place, item, verdict: own, entry };
  });
  const isSaying = wanted !== undefined && (wantedVerdict !== "manual" || tried.to?.refused !== undefined);
  const failed = last?.problem ?? misspoken(tried, wanted);
  return {
    request: facts.request,
    facts,
    verdict,
    items,
    ...((isSaying || failed !== undefined) && last !== undefined ? { rule: last.rule } : {}),
    ...(typeof wanted?.reason === "string" ? { reason: wanted.reason } : {}),
    ...(tried.to?.refused === undefined ? {} : { refused: tried.to.refused }),
    ...(failed === undefined ? {} : { problem: failed }),
    entries: [...new Set(Object.values(named))],
  };
}

// The engine takes what is no verdict for a failure of the rule: it says whose, and no refusal.
function misspoken({ to }: TriedDecision, wanted: RequestVerdict | undefined): string | undefined {
  if (to?.verdict !== "manual" || to.rule === undefined || to.refused !== undefined) return undefined;
  return `it says what is no verdict: ${JSON.stringify(wanted) ?? "nothing"}`;
}

function outcomeOf(verdict: unknown): Outcome {
  return verdict === "accept" || verdict === "reject" || verdict === "ignore" ? verdict : "manual";
}

function itemOutcome(
  verdict: Outcome,
  decision: Decision | undefined,
  { index, below }: { readonly index: number; readonly below: number | undefined },
): Outcome {
  if (verdict !== "accept") return verdict;
  const own = decision?.items?.[index] as { readonly items?: readonly ItemDecision[] } & Partial<ItemDecision>;
  const said = below === undefined ? own : own?.items?.[below];
  return said?.accept === true ? "accept" : "reject";
}
