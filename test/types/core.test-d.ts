// What the door "rapport/core" promises to the type checker.
import {
  Clock,
  type ClockPort,
  type Code,
  catalogue,
  type EntropyPort,
  fault,
  type ItemKindPort,
  type Outcome,
  type Plugin,
  Publisher,
  type PublisherPort,
  type Registry,
  Rule,
  type RulePort,
  Store,
  type StorePort,
  slot,
  slots,
  type Token,
  type Use,
} from "rapport/core";
import { describe, expectTypeOf, test } from "vitest";

declare const registry: Registry;
declare const use: Use;
declare const clock: ClockPort;
declare const store: StorePort;
declare const rule: RulePort;
declare const publisher: PublisherPort;

describe("slots", () => {
  test("a slot with one occupant is provided, one with many is contributed to", () => {
    registry.provide(Clock, () => clock);
    registry.contribute(Rule, () => rule);
    registry.contribute(Publisher, () => publisher);

    // @ts-expect-error many rules may exist, so nobody provides the one.
    registry.provide(Rule, () => rule);
    // @ts-expect-error there is one clock, so nobody adds another.
    registry.contribute(Clock, () => clock);
  });

  test("an occupant has the type of its slot", () => {
    // @ts-expect-error a clock is no store.
    registry.provide(Store, () => clock);
    // @ts-expect-error factories are synchronous; opening does what takes time.
    registry.provide(Store, async () => store);
    // @ts-expect-error a publisher publishes.
    registry.contribute(Publisher, () => ({}));
  });

  test("use gives one occupant, or all of them, frozen", () => {
    expectTypeOf(use(Clock)).toEqualTypeOf<ClockPort>();
    expectTypeOf(use(Rule)).toEqualTypeOf<readonly RulePort[]>();
    // @ts-expect-error the list cannot be changed.
    use(Rule).push(rule);
  });

  test("new slots carry the type they were made with", () => {
    const One = slot<{ readonly a: 1 }>("One");
    const Many = slots<EntropyPort>("Many");

    expectTypeOf(use(One)).toEqualTypeOf<{ readonly a: 1 }>();
    expectTypeOf(use(Many)).toEqualTypeOf<readonly EntropyPort[]>();
    expectTypeOf(Many).toEqualTypeOf<Token<EntropyPort, "many">>();
  });
});

describe("plugins", () => {
  test("a plugin is a name and one function", () => {
    expectTypeOf({
      name: "toy",
      register: ({ contribute }: Registry) => contribute(Rule, () => rule),
    }).toExtend<Plugin>();
    // @ts-expect-error without a name nobody could say which plugin failed.
    const nameless: Plugin = { register: () => {} };
    expectTypeOf(nameless).toEqualTypeOf<Plugin>();
  });

  test("a rule may judge Requests, Relationships, both or neither", () => {
    expectTypeOf<RulePort>().toHaveProperty("judgeRequest");
    expectTypeOf<RulePort>().toHaveProperty("judgeRelationship");
    expectTypeOf<Parameters<NonNullable<ItemKindPort["canAccept"]>>>().not.toBeAny();
  });
});

describe("codes", () => {
  test("only codes of the catalogue can be thrown", () => {
    expectTypeOf<"store.inUse">().toExtend<Code>();
    expectTypeOf(catalogue["store.inUse"].retry).toEqualTypeOf<false>();
    // @ts-expect-error no such code.
    fault("store.exploded", "It did.");
  });

  test("the catalogue cannot be changed", () => {
    // @ts-expect-error codes are for ever.
    catalogue["store.inUse"] = catalogue["store.full"];
  });
});

describe("outcomes", () => {
  test("the value is there only after looking", () => {
    const outcome = {} as Outcome<number>;

    // @ts-expect-error it may be a refusal.
    expectTypeOf(outcome.value);
    if (outcome.ok) expectTypeOf(outcome.value).toEqualTypeOf<number>();
    else expectTypeOf(outcome.refusal.code).toEqualTypeOf<Code>();
  });
});
