/**
 * Laws of the items about attributes, over generated histories of Requests between two accounts.
 *
 * What `canCreate` and `canAccept` allow is carried out, can be parsed, and is applied, and both accounts agree afterwards on
 * every attribute that one has from the other. Judging cannot change a thing: what is committed is frozen.
 */
import fc, { type Arbitrary } from "fast-check";
import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { valueTypeOf } from "../../src/model/attribute.ts";
import type { AttributeRecord } from "../../src/model/attribute-records.ts";
import type { ItemDecision } from "../../src/model/decision.ts";
import { parseRequest, type Request } from "../../src/model/request.ts";
import { isSameJson } from "../../src/model/same-json.ts";
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
  succeed,
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
  how: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom("new", "existing", "existing with tags") },
    { weight: 1, arbitrary: fc.constantFrom("reject", "nonsense") },
  ) as Arbitrary<Move["how"]>,
  tags: fc.oneof(fc.constant(["x:b"]), attributeTags),
});

const round = fc.record({
  isReversed: fc.boolean(),
  moves: fc.oneof(fc.array(move, { minLength: 1, maxLength: 1 }), fc.array(move, { minLength: 2, maxLength: 3 })),
  isTemplate: fc.boolean(),
  changed: fc.option(fc.nat(20)),
});

/** Changes one of the facts about itself that an account has. */
function change(here: Side, pick: number): void {
  const latest = attributesOf(here).filter((one) => isOwn(one) && one.succeededBy === undefined);
  const before = latest[pick % Math.max(1, latest.length)];
  if (before === undefined) return;
  const value = { "@type": valueTypeOf(before.content), ...(before.content["value"] as JsonObject), value: `V${pick}` };
  if (value["@type"] === "GivenName") succeed(here, before, { ...before.content, value });
}

/** One of the attributes that fit, mostly; now and then any. */
function picked(here: Side, pick: number, fits: (one: AttributeRecord) => boolean): AttributeRecord | undefined {
  const all = attributesOf(here);
  const fitting = pick % 7 === 0 ? all : all.filter(fits);
  return fitting[pick % Math.max(1, fitting.length)];
}

const isOwn = ({ "@type": type }: AttributeRecord) => type === "OwnIdentityAttribute";
const isGivable = (one: AttributeRecord) => isOwn(one) || one.peer === eve;

/** What a query of this move is about: what the recipient is going to answer with, if it answers with something it has. */
function subject({ kind, attribute, how, pick }: Move, recipient: Side): JsonObject {
  const isExisting = how === "existing" || how === "existing with tags";
  const found = isExisting ? picked(recipient, pick, kind === "read" ? isGivable : isOwn) : undefined;
  const { content = attribute } = found ?? {};
  return pick % 5 === 0 ? content : { ...content, owner: "" };
}

function itemOf(move: Move, sender: Side, recipient: Side): JsonObject {
  const { kind, attribute, pick, query } = move;
  const about = subject(move, recipient);
  const mine = picked(sender, pick, (one) => (kind === "share" ? isGivable(one) : isHeldBy(recipient, one)));
  const item = {
    create: () => create(pick % 3 === 0 ? attribute : { ...attribute, owner: "" }),
    read: () => read(queryFor(about, query)),
    propose: () => propose(queryFor({ ...about, owner: "" }, query), { ...about, owner: "" }),
    share: () => (mine === undefined ? create(attribute) : share(mine.id, mine.content, mine.peer)),
    delete: () => (mine === undefined ? create(attribute) : remove(mine.id)),
  }[kind]();
  return { ...item, mustBeAccepted: false };
}

function isHeldBy(recipient: Side, { id, "@type": type }: AttributeRecord): boolean {
  return recipient.documents.has(`attributes/${id}`) && type.startsWith("Own");
}

function answerOf(move: Move, recipient: Side): ItemDecision {
  const { kind, answer, pick, how, tags } = move;
  if (how === "reject") return { accept: false };
  if (how === "nonsense") return { accept: true, newAttribute: answer, attribute: answer };
  if (kind === "delete") return { accept: true, deletionDate: "2030-02-01T00:00:00.000Z" };
  if (kind !== "read" && kind !== "propose") return { accept: true };
  const [existing, created] = kind === "read" ? ["existingAttributeId", "newAttribute"] : ["attributeId", "attribute"];
  if (how === "new") return { accept: true, [created]: pick % 4 === 0 ? answer : subject(move, recipient) };
  const id = picked(recipient, pick, kind === "read" ? isGivable : isOwn)?.id ?? "ATT00000000000000000";
  return how === "existing" ? { accept: true, [existing]: id } : { accept: true, [existing]: id, tags };
}

function requestFrom(items: readonly JsonObject[]): Request | undefined {
  const parsed = parseRequest({ items }, kinds, { idAllowed: false });
  return parsed.ok ? parsed.value : undefined;
}

const counterparts: { readonly [type: string]: string } = {
  PeerIdentityAttribute: "OwnIdentityAttribute",
  OwnRelationshipAttribute: "PeerRelationshipAttribute",
  PeerRelationshipAttribute: "OwnRelationshipAttribute",
};

/** Where the accounts do not agree on what one has from the other. Tags may differ: a Create is answered with an id alone. */
function disagreements(giver: Side, taker: Side): string[] {
  const found: string[] = [];
  for (const copy of attributesOf(taker)) {
    if (copy.peer !== giver.self) continue;
    const { id, "@type": type } = copy;
    const original = giver.documents.get(`attributes/${id}`) as AttributeRecord | undefined;
    if (original === undefined) found.push(`${giver.self} does not know ${id}`);
    else if (!isSameJson({ ...copy.content, tags: null }, { ...original.content, tags: null }))
      found.push(`${id} is ${JSON.stringify(copy.content)} here and ${JSON.stringify(original.content)} there`);
    else if (original["@type"] !== (counterparts[type] ?? original["@type"]))
      found.push(`${id} is ${type} here and ${original["@type"]} there`);
    else if (original.peer !== taker.self && !isForwarded(giver, original, taker.self))
      found.push(`${giver.self} has not noted that ${taker.self} has ${id}`);
  }
  for (const attribute of attributesOf(giver))
    if (isForwarded(giver, attribute, taker.self) && !taker.documents.has(`attributes/${attribute.id}`))
      found.push(`${giver.self} has noted that ${taker.self} has ${attribute.id}`);
  return found;
}

const isForwarded = (giver: Side, attribute: AttributeRecord, peer: string) =>
  sharedWith(giver, attribute, peer).some(({ attributeId }) => attributeId === attribute.id);

function play(sender: Side, recipient: Side, { moves, isTemplate }: { moves: readonly Move[]; isTemplate: boolean }) {
  const request = requestFrom(moves.map((one) => itemOf(one, sender, recipient)));
  if (request === undefined) return "malformed";
  expect(requestOf(...(JSON.parse(JSON.stringify(request.items)) as JsonObject[]))).toEqual(request);
  if (isTemplate && !canCreate(sender, undefined, request).isSuccess) return "not creatable";
  if (!canCreate(sender, recipient.self, request).isSuccess) return "not creatable";
  const deciding = { recipient, sender: sender.self, request, items: moves.map((one) => answerOf(one, recipient)) };
  if (!canDecide(deciding).isSuccess) return "not acceptable";
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
        relate(here, here === one ? bob : acme);
        const owned = { "@type": "RelationshipAttribute", key: "one", confidentiality: "public" } as const;
        const value = { "@type": "ProprietaryString", title: "Number", value: "4711" };
        store(here, { "@type": "OwnRelationshipAttribute", content: { ...owned, owner: here.self, value }, peer: eve });
      }
      for (const played of rounds) {
        const [sender, recipient] = played.isReversed ? [other, one] : [one, other];
        if (played.changed !== null) change(recipient, played.changed);
        const outcome = play(sender, recipient, played);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        expect([...disagreements(one, other), ...disagreements(other, one)]).toEqual([]);
      }
    }),
    { numRuns: 1_000 },
  );
  // A law that hardly anything reaches says nothing.
  const all = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  expect((outcomes.get("done") ?? 0) / all).toBeGreaterThan(0.1);
});
