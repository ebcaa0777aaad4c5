// Policies and pending Relationships drawn from small pools.
import fc from "fast-check";
import type { Json, JsonObject, RelationshipFacts } from "rapport/core";
import type { RelationshipConfig, RelationshipEntry } from "rapport/plugins/rules-table";

const some = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const oneOrMore = (...values: string[]): fc.Arbitrary<Json> =>
  fc.oneof(some<Json>(...values), fc.subarray(values, { minLength: 1 }));
const days = ["2030-01-01", "2030-01-02T00:00:00.000Z", "2030-06-01T12:00:00Z"];
const bounds = some<Json>("<2030-01-02", ">2030-01-02", "2030-01-01", [">2030-01-01", "<2030-05-01"]);
const types = ["AcceptResponseItem", "RejectResponseItem", "CreateAttributeAcceptResponseItem"];

const wants: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  peer: oneOrMore("p1", "p2"),
  createdAt: bounds,
  templateId: oneOrMore("RLT1", "RLT2"),
  "creationContent.@type": oneOrMore("RelationshipCreationContent", "ArbitraryRelationshipCreationContent"),
  "template.title": oneOrMore("t1", "t2"),
  "template.metadata": some<Json>({ desk: 7, hall: 1 }, [{ hall: 1, desk: 7 }, { desk: 8 }]),
  "template.isOwn": fc.boolean(),
  "template.expiresAt": bounds,
  "request.status": oneOrMore("Completed", "Open"),
  "response.result": oneOrMore("Accepted", "Rejected"),
  "response.item.@type": oneOrMore(...types),
  "response.item.result": oneOrMore("Accepted", "Rejected"),
  "response.item.code": oneOrMore("c1", "c2"),
};
const condition = some(...Object.entries(wants)).chain(([path, wanted]) =>
  wanted.map((value): [string, Json] => [path, value]),
);
const config = fc
  .array(condition, { maxLength: 3 })
  .map((conditions): RelationshipConfig => Object.fromEntries(conditions));
const response = some<RelationshipEntry["responseConfig"]>(
  { accept: true },
  { accept: true, content: { greeting: "Hello" } },
  { accept: false },
  { accept: false, content: { why: "full" } },
  { manual: true },
  { ignore: true },
);

/** Entries for pending Relationships, at least one. */
export const policies: fc.Arbitrary<RelationshipEntry[]> = fc.array(
  fc.record({ relationshipConfig: config, responseConfig: response }),
  { minLength: 1, maxLength: 12 },
);

const maybe = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] }) as unknown as fc.Arbitrary<JsonObject>;
const item = maybe<JsonObject>({
  "@type": some(...types),
  result: some("Accepted", "Rejected"),
  code: some<Json>("c1", "c3", "c1", "c3", 7),
});
const group = fc
  .array(item, { minLength: 1, maxLength: 3 })
  .map((items): JsonObject => ({ "@type": "ResponseItemGroup", items }));
const items = fc.array(fc.oneof({ arbitrary: item, weight: 3 }, { arbitrary: group, weight: 1 }), { maxLength: 4 });
const creationContent = fc.oneof(
  fc
    .record({ result: some("Accepted", "Rejected"), items })
    .map((one): JsonObject => ({ "@type": "RelationshipCreationContent", response: one })),
  fc.constant<JsonObject>({ "@type": "ArbitraryRelationshipCreationContent", value: { b: 2 } }),
);
const relationship = fc
  .record({
    peer: some("p1", "p2", "p3"),
    templateId: some("RLT1", "RLT2", "RLT3"),
    creationContent,
    createdAt: some(...days),
  })
  .map(
    ({ createdAt, ...rest }): JsonObject => ({
      ...rest,
      status: "Pending",
      auditLog: [{ createdAt, createdBy: rest.peer, reason: "Creation", newStatus: "Pending" }],
    }),
  );
const template = fc.record({
  isOwn: fc.boolean(),
  expiresAt: some<Json>(...days, ...days, 7),
  content: maybe<JsonObject>({
    title: some("t1", "t2", "t3"),
    metadata: some<Json>({ desk: 7, hall: 1 }, { desk: 8 }, "desk"),
    // A field of the template's own comes first.
    isOwn: fc.constant("mine"),
  }),
});

/** The facts of a pending Relationship. */
export const pendings: fc.Arbitrary<RelationshipFacts> = fc.record(
  {
    self: fc.constant("me"),
    now: fc.constant("2030-01-02T00:00:00.000Z"),
    relationship,
    template,
    request: fc.record({ id: fc.constant("REQ1"), status: some("Completed", "Open") }),
  },
  { requiredKeys: ["self", "now", "relationship"] },
);
