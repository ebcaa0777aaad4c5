// Laws about items before anything happens: parsing, needs, and what may be done.
import fc from "fast-check";
import type { ItemDecision, ItemKindPort, JsonObject, Validation } from "rapport/core";
import { expect } from "vitest";
import type { Answerable } from "../item-arbitraries.ts";
import { copied, frozen, untouched } from "./frozen.ts";
import type { ItemKindWorld } from "./item-kind.ts";
import { infoFor, spoiled } from "./item-moments.ts";
import type { Law } from "./law.ts";

const tries = { numRuns: 150 };
const no: ItemDecision = { accept: false };

/** Laws about parsing and judging. */
export const judgementLaws: readonly Law<ItemKindWorld>[] = [
  {
    law: "items that the kind is for can be parsed, created, accepted and rejected",
    check: ({ kind, items }) =>
      fc.assert(
        fc.property(items, ({ item, acceptance }) => {
          expect(item["@type"]).toBe(kind.type);
          expect(kind.parse(frozen(copied(item)))).toBeUndefined();
          expect(judgements(kind, item, acceptance)).toEqual([fine, fine]);
          expect(judgements(kind, item, no)).toEqual([fine, fine]);
        }),
        tries,
      ),
  },
  {
    law: "whatever an item holds, parse gives nothing or a problem that begins with the member's name, and does not throw",
    check: ({ kind, items }) =>
      fc.assert(
        fc.property(anySpoiled(items), ({ item }) => {
          const problem = kind.parse(item);
          if (problem !== undefined) expect(problem).toMatch(/^[@\w$][@\w$.[\]-]* \S/);
        }),
        tries,
      ),
  },
  {
    law: "parsing and judging change nothing and say the same again",
    check: ({ kind, items }) =>
      fc.assert(
        fc.property(anySpoiled(items), ({ item, acceptance }) => {
          const say = () =>
            untouched([item, acceptance] as const, ([one, decision]) => {
              const problem = quietly(() => kind.parse(one));
              return problem === undefined ? quietly(() => judgements(kind, one, decision)) : problem;
            });

          expect(say()).toEqual(say());
        }),
        tries,
      ),
  },
  {
    law: "needs, looks and claims answer for whatever can be parsed and decided, and come to an end",
    check: ({ kind, items }) =>
      fc.assert(
        fc.property(anySpoiled(items), ({ item, acceptance }) => {
          if (quietly(() => kind.parse(item)) !== undefined) return;
          for (const decision of [undefined, no, acceptance]) {
            const at = decision === undefined ? "asker" : "answerer";
            const moment = decision === undefined ? ({ at } as const) : ({ at, decision } as const);
            const info = infoFor(kind, item, moment);
            const looks = kind.looks?.(item, { info, ...(decision === undefined ? {} : { decision }) }) ?? [];

            expect(looks.filter(({ key, operation }) => !isText(key) || !isText(operation))).toEqual([]);
            if (decision?.accept !== true || kind.canAccept?.(item, decision, info).isSuccess === false) continue;
            const claims = kind.claims?.(item, decision, info) ?? [];
            expect(claims.filter(({ key, operation }) => !isText(key) || !isText(operation))).toEqual([]);
          }
        }),
        tries,
      ),
  },
  {
    law: "canCreate, canAccept and canReject answer for whatever can be parsed and decided, and say with code and message why not",
    check: ({ kind, items }) =>
      fc.assert(
        fc.property(anySpoiled(items), ({ item, acceptance }) => {
          if (quietly(() => kind.parse(item)) !== undefined) return;
          for (const decision of [acceptance, no, { accept: true } as const, { accept: false, code: "c" } as const]) {
            for (const verdict of judgements(kind, item, decision)) {
              expect(typeof verdict.isSuccess).toBe("boolean");
              if (verdict.isSuccess) continue;
              expect(isText(verdict.code), "a refusal has a code").toBe(true);
              expect(isText(verdict.message), "a refusal has a message").toBe(true);
            }
          }
        }),
        tries,
      ),
  },
  {
    law: "what is redacted is named by paths of members, and neither the type nor the flag is among them",
    check: ({ kind }) => {
      for (const path of kind.redacted ?? []) {
        expect(path).toMatch(/^[^.]+(\.[^.]+)*$/);
        expect(["@type", "mustBeAccepted"]).not.toContain(path);
      }
    },
  },
];

const fine = expect.objectContaining({ isSuccess: true });
const isText = (value: unknown) => typeof value === "string" && value !== "";

/** What the asker may create, and what the answerer may decide. */
function judgements(kind: ItemKindPort, item: JsonObject, decision: ItemDecision): Validation[] {
  const done: Validation = { isSuccess: true, items: [] };
  const deciding = infoFor(kind, item, { at: "answerer", decision });
  const decided = decision.accept
    ? kind.canAccept?.(item, decision, deciding)
    : kind.canReject?.(item, decision, deciding);
  return [kind.canCreate?.(item, infoFor(kind, item, { at: "asker" })) ?? done, decided ?? done];
}

/** Items with their decisions: as they are, or with a mistake in the one or in the other. */
function anySpoiled(items: ItemKindWorld["items"]): ItemKindWorld["items"] {
  return items.chain((whole) =>
    fc.oneof(
      { weight: 1, arbitrary: fc.constant(frozen(copied(whole))) },
      { weight: 4, arbitrary: spoiled(whole.item).map((item): Answerable => ({ ...whole, item })) },
      {
        weight: 2,
        arbitrary: spoiled(whole.acceptance).map(
          (acceptance): Answerable => ({ ...whole, acceptance: { ...acceptance, accept: true } }),
        ),
      },
    ),
  );
}

/** The same text for everything that throws: other laws are about throwing. */
function quietly<T>(run: () => T): T | string {
  try {
    return run();
  } catch {
    return "it throws";
  }
}
