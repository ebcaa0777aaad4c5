// Tables and Requests drawn from small pools, so that entries match often, overlap, and now and then cannot be compared.
import fc from "fast-check";
import type { Json, JsonObject, RequestFacts } from "rapport/core";
import type { RequestConfig, RequestEntry, ResponseConfig, RuleTableOptions } from "rapport/plugins/rules-table";

const some = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const rarely = <T, U>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ arbitrary: usual, weight: 19 }, { arbitrary: rare, weight: 1 });
const oneOrMore = <T extends Json>(...values: T[]): fc.Arbitrary<T | T[]> =>
  fc.oneof(some(...values), fc.subarray(values, { minLength: 1 }));

const peers = ["p1", "p2", "p3"] as const;
const days = ["2030-01-01", "2030-01-02T00:00:00.000Z", "2030-01-03T01:00:00+01:00", "2030-06-01T12:00:00Z"] as const;
const tags = ["x:a", "x:b", "x:c"] as const;
const types = [
  "CreateAttributeRequestItem",
  "ShareAttributeRequestItem",
  "ReadAttributeRequestItem",
  "ProposeAttributeRequestItem",
  "DeleteAttributeRequestItem",
  "FormFieldRequestItem",
  "FreeTextRequestItem",
  "RegisterAttributeListenerRequestItem",
] as const;
const forPeople = ["AuthenticationRequestItem", "ConsentRequestItem"] as const;
const valueTypes = ["GivenName", "Surname", "BirthYear"] as const;
const statuses = ["Pending", "Active", "Rejected", "Revoked", "Terminated", "DeletionProposed"];
// The same object twice, with its members in another order.
const objects: readonly JsonObject[] = [
  { a: { b: [1, 2], c: "x" }, d: true },
  { d: true, a: { c: "x", b: [1, 2] } },
  { a: { b: [2, 1], c: "x" }, d: true },
  { a: { b: [1, 2], c: "x" } },
  { level: 1 },
];
const levels: readonly Json[] = [1, 2, "1", "2", true, false, "true", { a: 1 }, ["1"], "1,2"];

const date = fc.tuple(some("", "<", ">", "<", ">"), some(...days)).map(([sign, day]) => `${sign}${day}`);
const dates = fc.oneof(date, fc.array(date, { minLength: 1, maxLength: 2 }));
const someTags = fc.subarray([...tags, "x:d"], { minLength: 1 });
const level = rarely(some<Json>(...levels), oneOrMore("1", "2"));

type Wants = readonly [path: string, wanted: fc.Arbitrary<Json | undefined>];
const general: readonly Wants[] = [
  ["peer", oneOrMore(...peers)],
  ["peer", oneOrMore(...peers)],
  ["createdAt", dates],
  ["source.type", oneOrMore("Message", "RelationshipTemplate")],
  ["content.expiresAt", dates],
  ["content.title", fc.oneof(oneOrMore("t1", "t2"), fc.constant(undefined))],
  ["content.description", oneOrMore("d1", "d2")],
  ["content.metadata", fc.oneof(some(...objects), fc.subarray([...objects], { minLength: 1 }))],
  ["content.metadata.level", level],
  ["content.metadata.a.b", some<Json>([[1, 2]], [[1, 2], [3]])],
  ["content.metadata.startsAt", dates],
  ["relationshipAlreadyExists", fc.boolean()],
  ["isOwn", some<Json>(false, "false")],
];
const ofItems: readonly Wants[] = [
  ["@type", oneOrMore(...types, ...forPeople)],
  ["@type", some(...types)],
  ["@type", some(...types)],
  ["mustBeAccepted", fc.boolean()],
  ["mustBeAccepted", fc.boolean()],
  ["description", oneOrMore("d1", "d2")],
  ["title", oneOrMore("t1", "t2")],
  ["metadata", fc.oneof(some(...objects), fc.subarray([...objects], { minLength: 1 }))],
  ["metadata.level", level],
  ["metadata.startsAt", dates],
  ["metadata.validTo", dates],
  ["metadata.validTo", fc.oneof(dates, some(...days))],
  ["attribute.@type", oneOrMore("IdentityAttribute", "RelationshipAttribute")],
  ["attribute.owner", oneOrMore("", ...peers)],
  ["attribute.tags", someTags],
  ["attribute.key", oneOrMore("k1", "k2")],
  ["attribute.isTechnical", fc.boolean()],
  ["attribute.value.@type", oneOrMore(...valueTypes)],
  ["attribute.value.value", some<Json>("Anna", 1990, "1990", ["Anna", "1990"])],
  ["query.valueType", oneOrMore(...valueTypes)],
  ["query.tags", someTags],
  ["query.owner", oneOrMore(...peers)],
  ["query.attributeCreationHints.tags", someTags],
];

const condition = (wants: readonly Wants[]) =>
  some(...wants).chain(([path, wanted]) => wanted.map((value): [string, Json | undefined] => [path, value]));
const conditions = fc
  .tuple(
    fc.array(condition(general), { maxLength: 2 }),
    fc.array(condition(ofItems.map(([path, wanted]) => [`content.item.${path}`, wanted])), { maxLength: 3 }),
  )
  .map(([first, second]): RequestConfig => Object.fromEntries([...first, ...second]));

const X: JsonObject = { "@type": "IdentityAttribute", owner: "", value: { "@type": "GivenName", value: "Bea" } };
const parameters: Readonly<Record<string, JsonObject>> = {
  DeleteAttributeRequestItem: { deletionDate: "2031-01-01T00:00:00.000Z" },
  ProposeAttributeRequestItem: { attribute: X },
  ReadAttributeRequestItem: { newAttribute: X },
};

/** Only answers that 7.2 allows for what the entry matches. */
function answerFor(config: RequestConfig, generation: "N" | "O"): fc.Arbitrary<ResponseConfig> {
  const type = config["content.item.@type"];
  const own = parameters[String(type)] ?? {};
  const isFreeText = generation === "O" && type === "FreeTextRequestItem";
  const accept = { accept: true, ...(Array.isArray(type) ? {} : own), ...(isFreeText ? { freeText: "Yes." } : {}) };
  const reject = fc.record({ accept: fc.constant(false), code: some("busy", "late") }, { requiredKeys: ["accept"] });
  const both = fc.oneof(fc.constant(accept), fc.constant(accept), reject) as fc.Arbitrary<ResponseConfig>;
  const isGeneral = Object.keys(config).every((path) => !path.startsWith("content.item."));
  return isGeneral ? rarely(both, fc.constant({ ignore: true })) : both;
}

/** A table: entries, many of which share conditions, and how they are read. */
export const tables: fc.Arbitrary<{ options: RuleTableOptions; entries: RequestEntry[] }> = fc
  .tuple(
    some<"N" | "O">("N", "O"),
    some<readonly string[] | undefined>(undefined, undefined, [], ["FormFieldRequestItem"]),
    conditions,
  )
  .chain(([generation, neverAutomatic, shared]) => {
    const config = fc
      .tuple(conditions, fc.integer({ max: 9, min: 0 }))
      .map(([own, dice]) => (dice < 4 ? { ...shared, ...own } : own));
    const entry = config.chain((requestConfig) =>
      answerFor(requestConfig, generation).map((responseConfig): RequestEntry => ({ requestConfig, responseConfig })),
    );
    const last = some<RequestEntry[]>([], [{ requestConfig: {}, responseConfig: { accept: false } }]);
    const size = { minLength: 1, maxLength: 59, size: "max" } as const;
    const options = neverAutomatic === undefined ? { generation } : { generation, neverAutomatic };
    return fc.record({
      options: fc.constant(options),
      entries: fc
        .oneof(fc.array(entry, size), fc.array(entry, { minLength: 1, maxLength: 8 }))
        .chain((list) => last.map((rest) => [...list, ...rest])),
    });
  });

const maybe = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] });
const instant = rarely(some<Json>(...days), some<Json>("soon", 7, null));
const metadata = fc.oneof(
  some<Json>(...objects),
  maybe<{ level: Json; startsAt: Json; validTo: Json }>({
    level: some(...levels),
    startsAt: instant,
    validTo: instant,
  }),
);
const tagsSeen = fc.subarray([...tags]);
const attribute = maybe<JsonObject>({
  "@type": some("IdentityAttribute", "RelationshipAttribute"),
  owner: some("", ...peers),
  tags: tagsSeen,
  key: some("k1", "k2", "k3"),
  isTechnical: fc.boolean(),
  value: maybe<JsonObject>({
    "@type": some(...valueTypes),
    value: rarely(some<Json>("Anna"), some<Json>(1990, "1990")),
  }),
});
const query = maybe<JsonObject>({
  "@type": some("IdentityAttributeQuery", "RelationshipAttributeQuery"),
  valueType: some(...valueTypes),
  tags: tagsSeen,
  owner: some(...peers),
  attributeCreationHints: maybe<JsonObject>({ tags: tagsSeen }),
});
const item = rarely(some<string>(...types), some<string>(...forPeople)).chain((type): fc.Arbitrary<JsonObject> => {
  const hasAttribute = /^(Create|Share|Propose)/.test(type);
  const hasQuery = /^(Read|Propose)/.test(type);
  const members = maybe<JsonObject>({
    mustBeAccepted: fc.boolean(),
    description: some("d1", "d2", "d3"),
    title: some("t1", "t3"),
    metadata,
    ...(hasAttribute ? { attribute } : {}),
    ...(hasQuery ? { query } : {}),
  });
  const asks = rarely(fc.constant({}), fc.constant({ requireManualDecision: true }));
  return fc.tuple(members, asks).map(([own, more]) => ({ "@type": type, mustBeAccepted: false, ...own, ...more }));
});
const group = fc
  .array(item, { minLength: 1, maxLength: 3 })
  .map((items): JsonObject => ({ "@type": "RequestItemGroup", items }));
const items = fc.array(fc.oneof({ arbitrary: item, weight: 3 }, { arbitrary: group, weight: 1 }), {
  minLength: 1,
  maxLength: 4,
});
const content = fc
  .tuple(
    maybe<JsonObject>({
      title: some("t1", "t2", "t3"),
      description: some("d1", "d2"),
      metadata,
      expiresAt: instant,
    }),
    items,
  )
  .map(([own, list]): JsonObject => ({ "@type": "Request", ...own, items: list }));
// Facts hold the Relationships with the Request's peer, and no others (src/ports/rule.ts).
const relationships = fc.subarray(statuses, { maxLength: 2 });

/** The facts of a Request by Message or from a template. */
export const requests: fc.Arbitrary<RequestFacts> = fc
  .record({
    peer: some(...peers, "p4"),
    createdAt: rarely(some<Json>(...days), fc.constant(5)),
    source: some({ type: "Message", reference: "MSG1" }, { type: "RelationshipTemplate", reference: "RLT1" }),
    content,
    relationships,
  })
  .map(({ relationships: known, ...request }) => ({
    self: "me",
    now: "2030-01-02T00:00:00.000Z",
    relationships: known.map((status) => ({ peer: request.peer, status })),
    request: { id: "REQ1", isOwn: false, status: "DecisionRequired", ...request },
  }));
