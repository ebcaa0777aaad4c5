// Rule tables drawn from small pools, so that entries match often, overlap and stand in each other's way.
import fc, { type Arbitrary } from "fast-check";
import type { Json, JsonObject } from "rapport/core";
import type {
  RelationshipEntry,
  RelationshipResponse,
  RequestConfig,
  RequestEntry,
  ResponseConfig,
  RuleTableOptions,
} from "rapport/plugins/rules-table";

/** A rule table and how it is read: valid for `createRuleTable`, `checkRuleTable` and `rulesTable`. */
export interface AnyRuleTable {
  readonly config: { readonly requests: readonly RequestEntry[]; readonly relationships: readonly RelationshipEntry[] };
  readonly options: RuleTableOptions;
}

type Texts = readonly [string, ...string[]];

const peers: Texts = ["did:e:relay.test:dids:1111111111111111111111", "did:e:relay.test:dids:2222222222222222222222"];
const days: Texts = ["2030-01-01", "2030-01-02T00:00:00.000Z", "2030-01-03T01:00:00+01:00", "2031-06-01T12:00:00Z"];
const titles: Texts = ["Offer", "Survey"];
const descriptions: Texts = ["Short", "Long"];
const tags: Texts = ["x:a", "x:b", "x:c"];
const attributeKeys: Texts = ["rank", "colour"];
const valueTypes: Texts = ["GivenName", "Surname"];
const values: Texts = ["Anna", "Bea"];
const itemTypes: Texts = [
  "AuthenticationRequestItem",
  "ConsentRequestItem",
  "CreateAttributeRequestItem",
  "DeleteAttributeRequestItem",
  "FormFieldRequestItem",
  "FreeTextRequestItem",
  "ProposeAttributeRequestItem",
  "ReadAttributeRequestItem",
  "ShareAttributeRequestItem",
];
const levels: readonly Json[] = [1, 2, "1", true];
const metadata: readonly JsonObject[] = [{ desk: 7 }, { desk: 7, level: 1 }, { level: 1, desk: 7 }];

/** What tables want and generated facts hold, so that they meet. */
export const pools = {
  peers,
  days,
  titles,
  descriptions,
  tags,
  attributeKeys,
  valueTypes,
  values,
  itemTypes,
  levels,
  metadata,
};

const some = <T>(from: readonly T[]): Arbitrary<T> => fc.constantFrom(...from);
const oneOrMore = (from: readonly string[]): Arbitrary<Json> =>
  fc.oneof({ weight: 3, arbitrary: some(from) }, { weight: 1, arbitrary: fc.subarray([...from], { minLength: 1 }) });
const someTags = fc.subarray([...tags], { minLength: 1 });
const date = fc.tuple(some(["<", ">", "<", ">", ""]), some(days)).map(([sign, day]) => `${sign}${day}`);
const dates: Arbitrary<Json> = fc.oneof(date, fc.array(date, { minLength: 1, maxLength: 2 }));
const flag = fc.boolean();

type Wants = readonly [path: string, wanted: Arbitrary<Json>];

const general: readonly Wants[] = [
  ["peer", oneOrMore(peers)],
  ["createdAt", dates],
  ["source.type", oneOrMore(["Message", "RelationshipTemplate"])],
  ["content.expiresAt", dates],
  ["content.title", oneOrMore(titles)],
  ["content.description", oneOrMore(descriptions)],
  ["content.metadata", some(metadata)],
  ["content.metadata.level", some(levels)],
  ["relationshipAlreadyExists", flag],
];

const ofItem = (member: string, wanted: Arbitrary<Json>): Wants => [`content.item.${member}`, wanted];

const ofEveryItem: readonly Wants[] = [
  ofItem("mustBeAccepted", flag),
  ofItem("description", oneOrMore(descriptions)),
  ofItem("metadata", some(metadata)),
  ofItem("metadata.level", some(levels)),
];

const ofAttributes: readonly Wants[] = [
  ofItem("attribute.@type", oneOrMore(["IdentityAttribute", "RelationshipAttribute"])),
  ofItem("attribute.owner", oneOrMore(["", ...peers])),
  ofItem("attribute.tags", someTags),
  ofItem("attribute.key", oneOrMore(attributeKeys)),
  ofItem("attribute.value.@type", oneOrMore(valueTypes)),
  ofItem("attribute.value.value", some(values)),
];

const ofQueries: readonly Wants[] = [
  ofItem("query.@type", oneOrMore(["IdentityAttributeQuery", "RelationshipAttributeQuery", "IQLQuery"])),
  ofItem("query.valueType", oneOrMore(valueTypes)),
  ofItem("query.tags", someTags),
  ofItem("query.key", oneOrMore(attributeKeys)),
];

/** Members that only items of this type have. */
const own: { readonly [type: string]: readonly Wants[] } = {
  ConsentRequestItem: [ofItem("consent", oneOrMore(titles))],
  FormFieldRequestItem: [ofItem("title", oneOrMore(titles))],
  CreateAttributeRequestItem: ofAttributes,
  ShareAttributeRequestItem: ofAttributes,
  ProposeAttributeRequestItem: [...ofAttributes, ...ofQueries],
  ReadAttributeRequestItem: ofQueries,
};

const condition = (wants: readonly Wants[]): Arbitrary<[string, Json]> =>
  some(wants).chain(([path, wanted]) => wanted.map((value): [string, Json] => [path, value]));

const conditions = (wants: readonly Wants[], maxLength: number): Arbitrary<RequestConfig> =>
  fc.array(condition(wants), { maxLength }).map((chosen): RequestConfig => Object.fromEntries(chosen));

const generalConfig = conditions(general, 2);

// Entries about any item, about one type, and about several types at once.
const itemConfig: Arbitrary<RequestConfig> = fc.oneof(
  conditions([...ofEveryItem, ...ofAttributes, ...ofQueries], 2),
  some(itemTypes).chain((type) =>
    conditions([...ofEveryItem, ...(own[type] ?? [])], 2).map((more) => ({ ...more, "content.item.@type": type })),
  ),
  fc
    .tuple(fc.subarray([...itemTypes], { minLength: 2, maxLength: 3 }), conditions(ofEveryItem, 1))
    .map(([type, more]) => ({ ...more, "content.item.@type": type })),
);

const requestConfig: Arbitrary<RequestConfig> = fc
  .tuple(generalConfig, fc.option(itemConfig, { nil: {}, freq: 5 }))
  .map(([first, second]) => ({ ...first, ...second }));

const newAttribute: JsonObject = {
  "@type": "IdentityAttribute",
  owner: "",
  value: { "@type": "GivenName", value: "Bea" },
};

const parameters: { readonly [type: string]: JsonObject } = {
  DeleteAttributeRequestItem: { deletionDate: "2031-01-01T00:00:00.000Z" },
  ProposeAttributeRequestItem: { attribute: newAttribute },
  ReadAttributeRequestItem: { newAttribute },
};

// Only answers that a table may give to what the entry matches.
function answerTo(config: RequestConfig, generation: "N" | "O"): Arbitrary<ResponseConfig> {
  const type = config["content.item.@type"];
  const isFreeText = generation === "O" && type === "FreeTextRequestItem";
  const parameter = typeof type === "string" ? (parameters[type] ?? {}) : {};
  const accept = { accept: true, ...parameter, ...(isFreeText ? { freeText: "Yes." } : {}) } as const;
  const reject = fc.record(
    { accept: fc.constant(false as const), code: some(["busy", "late"]), message: some(["Not today."]) },
    { requiredKeys: ["accept"] },
  );
  const isGeneral = Object.keys(config).every((path) => !path.startsWith("content.item."));
  return fc.oneof<fc.WeightedArbitrary<ResponseConfig>[]>(
    { weight: 10, arbitrary: fc.constant(accept) },
    { weight: 6, arbitrary: reject },
    { weight: isGeneral ? 1 : 0, arbitrary: fc.constant({ ignore: true }) },
  );
}

const relationshipWants: readonly Wants[] = [
  ["peer", oneOrMore(peers)],
  ["createdAt", dates],
  ["creationContent.@type", oneOrMore(["RelationshipCreationContent", "ArbitraryRelationshipCreationContent"])],
  ["response.result", oneOrMore(["Accepted", "Rejected"])],
  ["response.item.@type", oneOrMore(["AcceptResponseItem", "RejectResponseItem"])],
  ["response.item.result", oneOrMore(["Accepted", "Rejected"])],
];

const relationshipAnswer: Arbitrary<RelationshipResponse> = fc.oneof(
  fc.record({ accept: flag }),
  fc.record({ accept: flag, content: some(metadata) }),
  fc.constant({ manual: true } as const),
  fc.constant({ ignore: true } as const),
);

const relationshipEntry: Arbitrary<RelationshipEntry> = fc.record({
  relationshipConfig: fc
    .array(condition(relationshipWants), { maxLength: 2 })
    .map((chosen): RelationshipEntry["relationshipConfig"] => Object.fromEntries(chosen)),
  responseConfig: relationshipAnswer,
});

const everything: Arbitrary<readonly RequestEntry[]> = some<readonly RequestEntry[]>([
  [],
  [{ name: "the rest", requestConfig: {}, responseConfig: { accept: false } }],
]);

// Names are unique where there are any, as people would want them.
const named = <E extends object>(entries: readonly E[], isNamed: readonly boolean[]): E[] =>
  entries.map((entry, index) => (isNamed[index] === true ? { name: `entry ${index + 1}`, ...entry } : entry));

const entriesMax = 8;

/** Valid rule tables of up to nine entries for Requests and four for Relationships. */
export const arbitraryRuleTable: Arbitrary<AnyRuleTable> = fc
  .tuple(some(["N", "N", "O"] as const), generalConfig)
  .chain(([generation, often]) => {
    const entry = fc
      .tuple(requestConfig, fc.nat(9))
      // Some conditions stand in many entries.
      .map(([config, dice]): RequestConfig => (dice < 3 ? { ...often, ...config } : config))
      .chain((config) =>
        answerTo(config, generation).map((responseConfig): RequestEntry => ({ requestConfig: config, responseConfig })),
      );
    return fc.record({
      entries: fc.array(entry, { maxLength: entriesMax }),
      rest: everything,
      isNamed: fc.array(flag, { minLength: entriesMax, maxLength: entriesMax }),
      relationships: fc.array(relationshipEntry, { maxLength: 4 }),
      options: fc.record<RuleTableOptions>(
        {
          generation: fc.constant(generation),
          neverAutomatic: some<readonly string[]>([[], ["FormFieldRequestItem"], ["ConsentRequestItem"]]),
          redact: some<readonly string[]>([[], ["content.item.attribute.value.value"]]),
        },
        { requiredKeys: ["generation"] },
      ),
    });
  })
  .map(({ entries, rest, isNamed, relationships, options }) => ({
    config: { requests: [...named(entries, isNamed), ...rest], relationships: named(relationships, isNamed) },
    options,
  }));
