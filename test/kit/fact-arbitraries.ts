// What rules are asked about: facts that meet the tables of rule-arbitraries.ts often enough.
import fc, { type Arbitrary } from "fast-check";
import type { JsonObject, RelationshipFacts, RequestFacts } from "rapport/core";
import { type Answerable, askable } from "./item-arbitraries.ts";
import { arbitraryId } from "./json-arbitraries.ts";
import { pools } from "./rule-arbitraries.ts";

const some = <T>(from: readonly T[]): Arbitrary<T> => fc.constantFrom(...from);
const maybe = <T>(value: Arbitrary<T>) => fc.option(value, { nil: undefined });
const written = (json: object): JsonObject => JSON.parse(JSON.stringify(json)) as JsonObject;

const instant = some(pools.days).map((day) => new Date(day).toISOString());
const metadata = fc.oneof(
  some(pools.metadata),
  some(pools.levels).map((level) => ({ level })),
);

const attribute = fc.record({
  "@type": fc.constant("IdentityAttribute"),
  owner: some(["", ...pools.peers]),
  tags: maybe(fc.subarray([...pools.tags])),
  value: fc.record({ "@type": some(pools.valueTypes), value: some(pools.values) }),
});
const query = fc.record({
  "@type": fc.constant("IdentityAttributeQuery"),
  valueType: some(pools.valueTypes),
  tags: maybe(fc.subarray([...pools.tags])),
});

const details = fc.record({
  description: maybe(some(pools.descriptions)),
  metadata: maybe(metadata),
  title: some(pools.titles),
  attribute,
  query,
  isDrawn: fc.boolean(),
});

// Half of the items stay as anybody might write them, the others say what tables look for.
const item: Arbitrary<JsonObject> = fc
  .tuple(askable, details)
  .map(([{ item: asked }, { isDrawn, description, metadata: noted, ...more }]: [Answerable, Details]) => {
    if (!isDrawn) return asked;
    const replaced = Object.entries(more).filter(([member]) => member in asked);
    return written({ ...asked, ...Object.fromEntries(replaced), description, metadata: noted });
  });

type Details = typeof details extends Arbitrary<infer D> ? D : never;

const group = fc
  .array(item, { minLength: 1, maxLength: 3 })
  .map((items): JsonObject => ({ "@type": "RequestItemGroup", items }));
const items = fc.array(fc.oneof({ weight: 3, arbitrary: item }, { weight: 1, arbitrary: group }), {
  minLength: 1,
  maxLength: 4,
});

const me = "did:e:relay.test:dids:9999999999999999999999";
const now = "2030-01-02T12:00:00.000Z";

const relationship = fc.record({
  id: arbitraryId("REL"),
  status: some(["Pending", "Active", "Rejected", "Revoked", "Terminated", "DeletionProposed"]),
  templateId: arbitraryId("RLT"),
});

const contentOf = (id: string) =>
  fc
    .record({
      title: maybe(some(pools.titles)),
      description: maybe(some(pools.descriptions)),
      metadata: maybe(metadata),
      expiresAt: maybe(instant),
      items,
    })
    .map((content) => ({ "@type": "Request", id, ...content }));

const incoming = arbitraryId("REQ").chain((id) =>
  fc.record({
    id: fc.constant(id),
    isOwn: fc.constant(false),
    peer: some(pools.peers),
    createdAt: instant,
    status: fc.constant("DecisionRequired"),
    source: fc.record({ type: some(["Message", "RelationshipTemplate"]), reference: arbitraryId("MSG") }),
    content: contentOf(id),
  }),
);

/** What a rule is told about an incoming Request, with items of every kind. */
export const arbitraryRequestFacts: Arbitrary<RequestFacts> = fc
  .record({ request: incoming, known: fc.array(relationship, { maxLength: 2 }) })
  .map(({ request, known }) => {
    const relationships = known.map((one) => ({ ...one, peer: request.peer }));
    return written({ self: me, now, request, relationships }) as unknown as RequestFacts;
  });

const responseItem = fc.record({
  "@type": some(["AcceptResponseItem", "RejectResponseItem"]),
  result: some(["Accepted", "Rejected"]),
});
const creationContent = fc.oneof(
  fc
    .record({ result: some(["Accepted", "Rejected"]), requestId: arbitraryId("REQ"), items: fc.array(responseItem) })
    .map((response) => ({
      "@type": "RelationshipCreationContent",
      response: { "@type": "Response", ...response },
    })),
  metadata.map((value) => ({ "@type": "ArbitraryRelationshipCreationContent", value })),
);

/** What a rule is told about a pending Relationship that a peer created. */
export const arbitraryRelationshipFacts: Arbitrary<RelationshipFacts> = fc
  .record({ created: relationship, peer: some(pools.peers), createdAt: instant, creationContent })
  .map(({ created, peer, createdAt, creationContent: content }) => {
    const auditLog = [{ createdAt, createdBy: peer, reason: "Creation", newStatus: "Pending" }];
    const pending = { ...created, status: "Pending", peer, creationContent: content, auditLog };
    return written({ self: me, now, relationship: pending }) as unknown as RelationshipFacts;
  });
