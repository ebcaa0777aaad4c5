// Laws about what a rule says, one question at a time.
import fc, { type Arbitrary } from "fast-check";
import type { DecisionItem, ItemDecision, JsonObject, RelationshipFacts, RequestFacts, RulePort } from "rapport/core";
import { expect } from "vitest";
import { copied, frozen, untouched } from "./frozen.ts";
import type { Law } from "./law.ts";
import type { RuleWorld } from "./rule.ts";

/** Enough for a mistake that one Request in ten shows, and quick. */
const questions = { numRuns: 60 };

type Verdict = JsonObject | undefined;
type Question = (rule: RulePort) => Promise<Verdict>;

const asData = (verdict: unknown): Verdict => verdict as Verdict;
const onRequest =
  (facts: RequestFacts): Question =>
  async (rule) =>
    asData(await rule.judgeRequest?.(facts));
const onRelationship =
  (facts: RelationshipFacts): Question =>
  async (rule) =>
    asData(await rule.judgeRelationship?.(facts));

/** Asks every rule of the world about Requests and about Relationships. */
async function forEveryQuestion(
  { requests, relationships, rules }: RuleWorld,
  check: (rule: RulePort, question: Question) => Promise<void>,
): Promise<void> {
  const asked = rules();
  const run = <F>(facts: Arbitrary<F>, question: (facts: F) => Question) =>
    fc.assert(
      fc.asyncProperty(facts, async (one) => {
        for (const rule of asked) await check(rule, question(frozen(copied(one))));
      }),
      questions,
    );
  await run(requests, onRequest);
  await run(relationships, onRelationship);
}

/** What a rule that throws says: nothing. Another law is about throwing. */
async function quietly(question: Question, rule: RulePort): Promise<Verdict> {
  return question(rule).catch(() => undefined);
}

const verdicts: readonly unknown[] = ["accept", "reject", "manual", "ignore"];

/** Laws about names, verdicts and traces. */
export const verdictLaws: readonly Law<RuleWorld>[] = [
  {
    law: "a rule has a name, and its name and revision are the same every time it is made",
    check: ({ rules }) => {
      const about = () => rules().map(({ name, plugin, revision }) => ({ name, plugin, revision }));
      const [first, second] = [about(), about()];

      expect(first.length, "the plugin contributes no rule").toBeGreaterThan(0);
      expect(first.filter(({ name }) => typeof name !== "string" || name.trim() === "")).toEqual([]);
      expect(new Set(first.map(({ name }) => name)).size).toBe(first.length);
      expect(second).toEqual(first);
    },
  },
  {
    law: "whatever it is asked, a rule answers and does not throw",
    check: (world) =>
      forEveryQuestion(world, async (rule, question) => {
        await question(rule);
      }),
  },
  {
    law: "facts are never changed",
    check: async ({ requests, relationships, rules }) => {
      const [asked] = [rules()];
      const run = <F>(facts: Arbitrary<F>, question: (facts: F) => Question) =>
        fc.assert(
          fc.asyncProperty(facts, async (one) => {
            for (const rule of asked) {
              const mine = copied(one);
              await quietly(question(mine), rule);

              expect(mine).toEqual(copied(one));
            }
          }),
          questions,
        );
      await run(requests, onRequest);
      await run(relationships, onRelationship);
    },
  },
  {
    law: "the same facts give the same verdict, however often and after whatever it is asked",
    check: (world) => {
      const again = world.rules();
      return forEveryQuestion(world, async (rule, question) => {
        const first = await quietly(question, rule);
        const other = again.find(({ name }) => name === rule.name) ?? rule;

        expect(await quietly(question, rule)).toEqual(first);
        expect(await quietly(question, other)).toEqual(first);
      });
    },
  },
  {
    law: "a verdict is accept, reject, manual or ignore, with reasons that are texts and data, and says so in JSON, too",
    check: (world) =>
      forEveryQuestion(world, async (rule, question) => {
        const verdict = await quietly(question, rule);
        if (verdict === undefined) return;
        const { reason = "", conditions = [], entries = {} } = verdict;

        expect(verdicts).toContain(verdict["verdict"]);
        expect(typeof reason).toBe("string");
        expect(Array.isArray(conditions)).toBe(true);
        expect(Object.values(Object(entries)).filter((one) => typeof one !== "string")).toEqual([]);
        expect(copied(verdict)).toEqual(verdict);
      }),
  },
  {
    law: "a verdict that accepts or rejects answers every item of the Request in its place, groups as groups",
    check: ({ requests, rules }) => {
      const asked = rules();
      return everyDecision({ requests, asked }, ({ items, decided }) => {
        expect(decided.map(shapeOfAnswer)).toEqual(items.map(shapeOfItem));
      });
    },
  },
  {
    law: "a rejection has a code of at most 200 characters and a message of at most 1000, if any, and nothing else",
    check: ({ requests, rules }) => {
      const asked = rules();
      return everyDecision({ requests, asked }, ({ decided }) => {
        for (const answer of decided.flatMap(answersIn)) {
          if (answer?.accept !== false) continue;
          const { accept: _no, code = "-", message = "-", ...more } = answer;

          expect(more).toEqual({});
          expect(typeof code === "string" && code.length <= 200, `the code ${JSON.stringify(code)}`).toBe(true);
          expect(typeof message === "string" && message.length <= 1000, "the message").toBe(true);
        }
      });
    },
  },
  {
    law: "what a verdict on a Relationship sends along is an object",
    check: ({ relationships, rules }) => {
      const asked = rules();
      return fc.assert(
        fc.asyncProperty(relationships, async (facts) => {
          for (const rule of asked) {
            const { content = {} } = (await quietly(onRelationship(facts), rule)) ?? {};

            expect(typeof content === "object" && content !== null && !Array.isArray(content)).toBe(true);
          }
        }),
        questions,
      );
    },
  },
  {
    law: "a rule that traces has a source that survives JSON, and traces the same facts alike without changing them",
    check: async ({ requests, rules }) => {
      for (const rule of rules()) {
        const { source } = rule;
        if (rule.traceRequest === undefined && rule.traceRelationship === undefined) continue;
        expect(source, "a rule with a trace needs a source").toBeDefined();
        expect(copied(source)).toEqual(source);
        if (source === undefined) continue;
        fc.assert(
          fc.property(requests, (facts) => {
            const trace = () =>
              untouched([facts, source] as const, ([about, from]) => rule.traceRequest?.(about, from) ?? []);
            const traced = trace();

            expect(traced.filter(({ entry }) => typeof entry !== "string" || entry === "")).toEqual([]);
            expect(trace()).toEqual(traced);
          }),
          { numRuns: 20 },
        );
      }
    },
  },
];

interface Decided {
  readonly items: readonly JsonObject[];
  readonly decided: readonly Partial<DecisionItem>[];
}

async function everyDecision(
  { requests, asked }: { readonly requests: Arbitrary<RequestFacts>; readonly asked: readonly RulePort[] },
  check: (decided: Decided) => void,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(requests, async (facts) => {
      for (const rule of asked) {
        const verdict = await quietly(onRequest(facts), rule);
        if (verdict?.["verdict"] !== "accept" && verdict?.["verdict"] !== "reject") continue;
        const { items } = facts.request["content"] as { readonly items: readonly JsonObject[] };
        check({ items, decided: Array.isArray(verdict["items"]) ? verdict["items"] : [] });
      }
    }),
    questions,
  );
}

function answersIn(answer: Partial<DecisionItem>): readonly Partial<ItemDecision>[] {
  if ("items" in answer && Array.isArray(answer.items)) return answer.items;
  return [answer as Partial<ItemDecision>];
}

const shapeOfItem = ({ "@type": type, items }: JsonObject): unknown =>
  type === "RequestItemGroup" && Array.isArray(items) ? items.map(() => "an answer") : "an answer";

const shapeOfAnswer = (answer: { readonly accept?: unknown; readonly items?: unknown }): unknown => {
  if (typeof answer?.accept === "boolean") return "an answer";
  return Array.isArray(answer?.items) ? answer.items.map(shapeOfAnswer) : "nothing";
};
