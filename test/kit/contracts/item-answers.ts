// Laws about what accepting, rejecting and applying give.
import fc from "fast-check";
import type { ItemDecision, ItemEffects, ItemKindPort, JsonObject } from "rapport/core";
import { expect } from "vitest";
import type { Answerable } from "../item-arbitraries.ts";
import { copied, frozen } from "./frozen.ts";
import type { ItemKindWorld } from "./item-kind.ts";
import { infoFor, spoiled } from "./item-moments.ts";
import type { Law } from "./law.ts";

const tries = { numRuns: 100 };

/** Laws about answers. Kinds that claim something at the relay first answer in an engine alone. */
export const answerLaws: readonly Law<ItemKindWorld>[] = [
  {
    law: "accepting and rejecting give a response of a type that the kind names, well formed, and in JSON, too",
    check: (world) =>
      forEveryAnswer(world, ({ kind, response, isAccepted }) => {
        const travelled = copied(response);
        const type = String(response["@type"]);
        const own =
          kind.responses !== undefined && Object.hasOwn(kind.responses, type) ? kind.responses[type] : undefined;

        expect(travelled).toEqual(response);
        if (own !== undefined) expect(own(frozen(travelled))).toBeUndefined();
        else expect(type).toBe(isAccepted ? "AcceptResponseItem" : "RejectResponseItem");
        expect(response["result"]).toBe(isAccepted ? "Accepted" : "Rejected");
      }),
  },
  {
    law: "accepting and rejecting the same again gives the same, and touches nothing but what it says",
    check: (world) =>
      forEveryAnswer(world, ({ again, response, effects }) => {
        expect(again()).toEqual({ response, effects });
      }),
  },
  {
    law: "the asker can apply every response, and applying it again gives the same",
    check: (world) =>
      forEveryAnswer(world, ({ kind, item, response }) => {
        const travelled = frozen(copied(response));
        const info = () => infoFor(kind, item, { at: "asker", response: travelled });

        expect(kind.canApply?.(travelled, item, info()) ?? fine).toMatchObject(fine);
        expect(kind.apply?.(travelled, item, info())).toEqual(kind.apply?.(travelled, item, info()));
      }),
  },
  {
    law: "effects are data: documents under keys of the account, events with names, and instants",
    check: (world) =>
      forEveryAnswer(world, ({ kind, item, response, effects }) => {
        const applied = kind.apply?.(response, item, infoFor(kind, item, { at: "asker", response }));
        const sent = kind.sent?.(item, infoFor(kind, item, { at: "asker" }));

        for (const one of [effects, applied, sent]) expectData(one ?? {});
      }),
  },
  {
    law: "a response that somebody spoiled is refused by its parser or by canApply, or applied, and nothing throws",
    check: async (world) => {
      const draws = { numRuns: 3, seed: 5 };
      await forEveryAnswer(world, ({ kind, item, response }) => {
        for (const odd of fc.sample(spoiled({ ...response, mustBeAccepted: true }), draws)) {
          const { mustBeAccepted: _flag, ...spoilt } = odd;
          if (kind.responses?.[String(spoilt["@type"])]?.(frozen(spoilt)) !== undefined) continue;
          const info = infoFor(kind, item, { at: "asker", response: spoilt });
          if (kind.canApply?.(spoilt, item, info).isSuccess === false) continue;
          expectData(kind.apply?.(spoilt, item, info) ?? {});
        }
      });
    },
  },
];

const fine = { isSuccess: true };

interface Answered {
  readonly kind: ItemKindPort;
  readonly item: JsonObject;
  readonly isAccepted: boolean;
  readonly response: JsonObject;
  readonly effects: ItemEffects | undefined;
  again(): { readonly response: JsonObject; readonly effects: ItemEffects | undefined };
}

async function forEveryAnswer({ kind, items }: ItemKindWorld, check: (answered: Answered) => void): Promise<void> {
  fc.assert(
    fc.property(items, fc.boolean(), ({ item, acceptance }: Answerable, isAccepted) => {
      const asked = frozen(copied(item));
      const decision: ItemDecision = frozen(isAccepted ? copied(acceptance) : { accept: false, code: "not.now" });
      const again = () => answerOf(kind, asked, decision);
      const answered = again();
      if (answered !== undefined)
        check({ kind, item: asked, isAccepted, ...answered, again: () => again() ?? answered });
    }),
    tries,
  );
}

function answerOf(kind: ItemKindPort, item: JsonObject, decision: ItemDecision) {
  const info = infoFor(kind, item, { at: "answerer", decision });
  if (decision.accept && (kind.claims?.(item, decision, info) ?? []).length > 0) return undefined;
  const given = decision.accept ? kind.accept?.(item, decision, info) : kind.reject?.(item, decision, info);
  const plain = decision.accept
    ? { "@type": "AcceptResponseItem", result: "Accepted" }
    : { "@type": "RejectResponseItem", result: "Rejected", code: "not.now" };
  return { response: given?.response ?? plain, effects: given?.effects };
}

function expectData(effects: ItemEffects): void {
  const { puts = [], deletes = [], events = [], deadlines = [], secrets = [] } = effects;
  expect(copied({ puts, events, secrets })).toEqual({ puts, events, secrets });
  for (const key of [...puts.map(({ key }) => key), ...deletes]) expect(key).toMatch(/^[^/]+\/.+$/s);
  for (const { name } of events) expect(name).toMatch(/^\w+(\.\w+)*$/);
  for (const { dueAt } of deadlines) if (dueAt !== undefined) expect(Number.isNaN(Date.parse(dueAt))).toBe(false);
}
