// Laws about a rule at work: a real engine asks it, and carries out what it says.
import fc from "fast-check";
import type { JsonObject, RulePort } from "rapport/core";
import { expect } from "vitest";
import { type Acquaintance, acquainted } from "./acquaintance.ts";
import type { Law } from "./law.ts";
import type { RuleWorld } from "./rule.ts";

/** Every Request travels, so there are few. */
const requestsAsked = 12;

/** Laws about a rule at work. */
export const engineLaws: readonly Law<RuleWorld>[] = [
  {
    law: "an engine can carry out whatever the rule accepts or rejects",
    check: (world) =>
      eachAsked(world, async ({ answerer }, id) => {
        const { tried = [] } = (await answerer.account.requests.incoming.decision(id)) ?? {};
        const refused = (tried as readonly JsonObject[]).filter((one) => "refused" in one || "problem" in one);

        expect(refused, "what the rule said was refused, so a person has to decide").toEqual([]);
      }),
  },
  {
    law: "every Request that an engine asks the rule about is decided as the rule says, or waits for a person",
    check: (world) =>
      eachAsked(world, async ({ asker, answerer }, id) => {
        const { status, response, wasAutomaticallyDecided } = await answerer.account.requests.incoming.get(id);
        const verdict = (await answerer.account.requests.incoming.decision(id))?.verdict;
        await asker.account.sync();
        const told = (await asker.account.requests.outgoing.get(id)).response?.content;

        if (verdict === "accept" || verdict === "reject") {
          expect({ status, wasAutomaticallyDecided }).toEqual({ status: "Completed", wasAutomaticallyDecided: true });
          expect(told).toEqual(response?.content);
          expect(told?.result).toBe(verdict === "accept" ? "Accepted" : "Rejected");
        } else expect({ status, told }).toEqual({ status: "ManualDecisionRequired", told: undefined });
      }),
  },
];

async function eachAsked(
  { plugin, rules, items }: RuleWorld,
  check: (two: Acquaintance, id: string) => Promise<void>,
): Promise<void> {
  await using two = await acquainted({ answerer: [plugin()] });
  expect(rules().some(judges), "no rule judges anything").toBe(true);
  for (const asked of fc.sample(items, { numRuns: requestsAsked, seed: 7 })) {
    const peer = two.answerer.account.address;
    const content = { "@type": "Request", items: asked };
    // What must not be asked is no question to the rule.
    const { isSuccess } = await two.asker.account.requests.outgoing.canCreate({ content, peer });
    if (isSuccess) await check(two, await two.ask(asked));
  }
}

const judges = ({ judgeRequest, judgeRelationship }: RulePort) =>
  judgeRequest !== undefined || judgeRelationship !== undefined;
