// What the door "rapport/machines" promises to the type checker.
import {
  type IncomingRequestFact,
  incomingRequestChart,
  type Kind,
  type RelationshipEnvelope,
  type RelationshipFact,
  type RelationshipStatus,
  relationshipChart,
} from "rapport/machines";
import { describe, expectTypeOf, test } from "vitest";

describe("facts", () => {
  test("every fact of a Relationship says who did it", () => {
    expectTypeOf<{ type: "creation.accepted"; by: "templator" }>().toExtend<RelationshipFact>();
    // @ts-expect-error a fact without an actor cannot be judged.
    const nobody: RelationshipFact = { type: "creation.accepted" };
    // @ts-expect-error there is no third party.
    const stranger: RelationshipFact = { type: "creation.accepted", by: "stranger" };
    // @ts-expect-error a wish is not a fact.
    const wish: RelationshipFact = { type: "accept", by: "templator" };

    expectTypeOf([nobody, stranger, wish]).not.toBeAny();
  });

  test("the facts of one chart are not those of another", () => {
    expectTypeOf<Extract<RelationshipFact["type"], IncomingRequestFact["type"]>>().toEqualTypeOf<never>();
  });
});

describe("envelopes", () => {
  test("they are plain data that cannot be changed", () => {
    const [envelope, other] = [{} as RelationshipEnvelope, {} as RelationshipEnvelope];

    // @ts-expect-error a step makes a new one.
    envelope.context = other.context;
    expectTypeOf<RelationshipEnvelope>().toHaveProperty("version");
  });

  test("a status is one of the protocol's words", () => {
    expectTypeOf<"Active">().toExtend<RelationshipStatus>();
    expectTypeOf<"Removed">().not.toExtend<RelationshipStatus>();
  });
});

test("charts are typed by what they may hear and remember", () => {
  expectTypeOf(relationshipChart).not.toBeAny();
  expectTypeOf(relationshipChart).not.toEqualTypeOf(incomingRequestChart);
  expectTypeOf<Kind>().not.toBeAny();
});
