/**
 * Laws of the items about attributes, over generated histories of Requests between two accounts.
 *
 * What `canCreate` and `canAccept` allow is carried out, can be parsed, and is applied; what they refuse changes nothing; and
 * both accounts agree afterwards on every attribute that one has from the other.
 */
import fc, { type Arbitrary } from "fast-check";
import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { valueTypeOf } from "../../src/model/attribute.ts";
import type { AttributeRecord } from "../../src/model/attribute-records.ts";
import type { ItemDecision } from "../../src/model/decision.ts";
import { parseRequest, type Request } from "../../src/model/request.ts";
import { attributeTags, identityAttribute, relationshipAttribute } from "../kit/attribute-arbitraries.ts";
import { create, propose, read, remove, share } from "./contents.ts";
import {
  apply,
  attributesOf,
  canCreate,
  canDecide,
  decide,
  kinds,
  relate,
  requestOf,
  type Side,
  send,
  sharedWith,
  side,
  store,
} from "./two-sides.ts";

const acme = "did:e:acme";
const bob = "did:e:bob";
const eve = "did:e:eve";

/** Few values and keys, so that they meet. */
const few = <T>(values: Arbitrary<T>): Arbitrary<T> => fc.noShrink(values);
const owner = fc.constantFrom("", "", acme, bob, eve);
const facts = fc.record({
  "@type": fc.constant("IdentityAttribute"),
  owner,
  value: fc.constantFrom("Ann", " Ann ", "Bea").map((value) => ({ "@type": "GivenName", value })),
  tags: fc.constantFrom(["x:a"], ["x:b"], ["x:a", "x:b"], []),
}) as Arbitrary<JsonObject>;
const numbers = fc.record({
  "@type": fc.constant("RelationshipAttribute"),
  owner,
  key: fc.constantFrom("one", "two"),
  confidentiality: fc.constantFrom("public", "private"),
  value: fc.constant({ "@type": "ProprietaryString", title: "Number", value: "4711" }),
}) as Arbitrary<JsonObject>;
const content = fc.oneof(
  { weight: 4, arbitrary: facts },
  { weight: 4, arbitrary: numbers },
  { weight: 1, arbitrary: few(owner.chain(identityAttribute)) },
  { weight: 1, arbitrary: few(owner.chain((one) => relationshipAttribute(one))) },
);

/** The query that this content answers. */
function queryFor(attribute: JsonObject, kind: number): JsonObject {
  const valueType = valueTypeOf(attribute);
  if (attribute["@type"] === "IdentityAttribute")
    return kind === 0
      ? { "@type": "IQLQuery", queryString: valueType }
      : { "@type": "IdentityAttributeQuery", valueType, ...(kind === 1 ? { tags: ["x:a"] } : {}) };
  const { key = "", confidentiality = "public", value } = attribute;
  if (kind === 0) return { "@type": "ThirdPartyRelationshipAttributeQuery", key, owner: "", thirdParty: [""] };
  const { title = "Title", description } = value as JsonObject;
  const attributeCreationHints = {
    title,
    valueType,
    confidentiality,
    ...(description === undefined ? {} : { description }),
  };
  return { "@type": "RelationshipAttributeQuery", key, owner: attribute["owner"] ?? "", attributeCreationHints };
}

/** One item and how it is answered; what it is about is picked from what the accounts have by then. */
interface Move {
  readonly kind: "create" | "read" | "propose" | "share" | "delete";
  readonly attribute: JsonObject;
  readonly answer: JsonObject;
  readonly pick: number;
  readonly query: number;
  readonly how: "new" | "existing" | "existing with tags" | "reject" | "nonsense";
  readonly tags: readonly string[];
}

const move: Arbitrary<Move> = fc.record({
  kind: fc.constantFrom("create", "read", "propose", "share", "delete"),
  attribute: content,
  answer: fc.oneof(content, fc.constant({})),
  pick: fc.nat(20),
  query: fc.nat(2),
  how: fc.constantFrom("new", "new", "existing", "existing", "existing with tags", "reject", "nonsense"),
  tags: fc.oneof(fc.constant(["x:b"]), attributeTags),
});

const round = fc.record({
  isReversed: fc.boolean(),
  moves: fc.array(move, { minLength: 1, maxLength: 3 }),
  isTemplate: fc.boolean(),
});

function picked(here: Side, pick: number): AttributeRecord | undefined {
  const all = attributesOf(here);
  return all[pick % Math.max(1, all.length)];
}

function itemOf({ kind, attribute, pick, query }: Move, sender: Side): JsonObject {
  const mine = picked(sender, pick);
  const item = {
    create: () => create(attribute),
    read: () => read(queryFor(attribute, query)),
    propose: () => propose(queryFor({ ...attribute, owner: "" }, query), { ...attribute, owner: "" }),
    share: () => (mine === undefined ? create(attribute) : share(mine.id, mine.content, mine.peer)),
    delete: () => (mine === undefined ? create(attribute) : remove(mine.id)),
  }[kind]();
  return { ...item, mustBeAccepted: false };
}

function answerOf({ kind, attribute, answer, pick, how, tags }: Move, recipient: Side): ItemDecision {
  if (how === "reject") return { accept: false };
  if (how === "nonsense") return { accept: true, newAttribute: answer, attribute: answer };
  if (kind === "delete") return { accept: true, deletionDate: "2030-02-01T00:00:00.000Z" };
  if (kind !== "read" && kind !== "propose") return { accept: true };
  const [existing, created] = kind === "read" ? ["existingAttributeId", "newAttribute"] : ["attributeId", "attribute"];
  if (how === "new")
    return { accept: true, [created]: Object.keys(answer).length === 0 ? attribute : { ...attribute, ...answer } };
  const id = picked(recipient, pick)?.id ?? "ATT00000000000000000";
  return how === "existing" ? { accept: true, [existing]: id } : { accept: true, [existing]: id, tags };
}

function requestFrom(items: readonly JsonObject[]): Request | undefined {
  const parsed = parseRequest({ items }, kinds, { idAllowed: false });
  return parsed.ok ? parsed.value : undefined;
}

/** Both accounts agree on what they have from each other. */
function agree(giver: Side, taker: Side): void {
  for (const copy of attributesOf(taker)) {
    if (copy.peer !== giver.self) continue;
    const original = giver.documents.get(`attributes/${copy.id}`) as AttributeRecord | undefined;
    expect(original, `${copy["@type"]} ${copy.id}`).toBeDefined();
    if (original === undefined) continue;
    const { tags: _mine, ...content } = copy.content;
    const { tags: _theirs, ...wanted } = original.content;
    expect(content).toEqual(wanted);
    const counterpart = {
      PeerIdentityAttribute: "OwnIdentityAttribute",
      OwnRelationshipAttribute: "PeerRelationshipAttribute",
      PeerRelationshipAttribute: "OwnRelationshipAttribute",
      ThirdPartyRelationshipAttribute: original["@type"],
      OwnIdentityAttribute: "never",
    }[copy["@type"]];
    expect(original["@type"]).toBe(counterpart);
    if (original["@type"] === "OwnIdentityAttribute" || original.peer !== taker.self)
      expect(sharedWith(giver, original, taker.self).map(({ attributeId }) => attributeId)).toContain(copy.id);
  }
  for (const attribute of attributesOf(giver))
    for (const { attributeId } of sharedWith(giver, attribute, taker.self))
      expect(taker.documents.has(`attributes/${attributeId}`)).toBe(true);
}

const frozen = (here: Side) => JSON.stringify([[...here.documents], here.events, [...here.deadlines]]);

function play(sender: Side, recipient: Side, { moves, isTemplate }: { moves: readonly Move[]; isTemplate: boolean }) {
  const request = requestFrom(moves.map((one) => itemOf(one, sender)));
  if (request === undefined) return "malformed";
  expect(requestOf(...(JSON.parse(JSON.stringify(request.items)) as JsonObject[]))).toEqual(request);
  const before = [frozen(sender), frozen(recipient)];
  if (isTemplate && !canCreate(sender, undefined, request).isSuccess) return "not creatable";
  if (!canCreate(sender, recipient.self, request).isSuccess) {
    expect([frozen(sender), frozen(recipient)]).toEqual(before);
    return "not creatable";
  }
  const deciding = { recipient, sender: sender.self, request, items: moves.map((one) => answerOf(one, recipient)) };
  if (!canDecide(deciding).isSuccess) {
    expect([frozen(sender), frozen(recipient)]).toEqual(before);
    return "not acceptable";
  }
  if (!isTemplate) send(sender, recipient.self, request);
  const response = decide(deciding);
  expect(apply(sender, recipient.self, { request, response })).toBe("ok");
  return "done";
}

test("what may be created and accepted is carried out, and both agree afterwards", () => {
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(round, { minLength: 1, maxLength: 8 }), (rounds) => {
      const one = side(acme);
      const other = side(bob);
      for (const here of [one, other]) {
        relate(here, eve);
        const owned = { "@type": "RelationshipAttribute", key: "one", confidentiality: "public" } as const;
        const value = { "@type": "ProprietaryString", title: "Number", value: "4711" };
        store(here, { "@type": "OwnRelationshipAttribute", content: { ...owned, owner: here.self, value }, peer: eve });
      }
      for (const played of rounds) {
        const [sender, recipient] = played.isReversed ? [other, one] : [one, other];
        const outcome = play(sender, recipient, played);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        agree(one, other);
        agree(other, one);
      }
    }),
    { numRuns: 2_000 },
  );
  // A law that hardly anything reaches says nothing.
  const all = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  expect((outcomes.get("done") ?? 0) / all).toBeGreaterThan(0.1);
});
