import fc, { type Arbitrary } from "fast-check";
import type { Decision, DecisionItem, ItemDecision, JsonObject } from "rapport/core";

/** A Request of any shape that this version knows, as JSON. */
export type RequestJson = JsonObject & { readonly "@type": "Request"; readonly items: readonly JsonObject[] };

/** A Request with a decision on it, and whether that accepts or rejects. */
export interface Decided {
  readonly request: RequestJson;
  readonly decision: Decision;
  readonly result: "accept" | "reject";
}

/** A decision with one structural mistake, the position of the mistake, and the end of its code. */
export interface Spoiled extends Decided {
  readonly path: readonly number[];
  readonly code: string;
}

/** Where one item stands in its Request: the index, and the index inside the group if it is in one. */
type Position = readonly [entry: number, child?: number];

const text = (min: number, max: number): Arbitrary<string> =>
  fc.string({ minLength: min, maxLength: max, unit: "grapheme-ascii" });

/** Any JSON, as JSON writes it. */
export const arbitraryJson: Arbitrary<JsonObject[string]> = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject[string]);

const metadata = fc.dictionary(text(0, 8), arbitraryJson, { maxKeys: 3 });

/** An instant of this century. */
export const arbitraryInstant: Arbitrary<string> = fc
  .date({ min: new Date("2030-01-01"), max: new Date("2090-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());

/** An object identifier with this prefix. */
export const arbitraryId = (prefix: string): Arbitrary<string> =>
  fc
    .array(fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"), {
      minLength: 20 - prefix.length,
      maxLength: 20 - prefix.length,
    })
    .map((characters) => prefix + characters.join(""));

const itemBase = {
  mustBeAccepted: fc.boolean(),
  description: fc.option(text(0, 500), { nil: undefined }),
  metadata: fc.option(metadata, { nil: undefined }),
  requireManualDecision: fc.option(fc.boolean(), { nil: undefined }),
};

const authentication = fc.record({
  "@type": fc.constant("AuthenticationRequestItem"),
  title: text(0, 200),
  ...itemBase,
});

const consent = fc
  .record({
    "@type": fc.constant("ConsentRequestItem"),
    consent: text(0, 1000),
    requiresInteraction: fc.option(fc.boolean(), { nil: undefined }),
    link: fc.option(fc.webUrl({ size: "small" }), { nil: undefined }),
    linkDisplayText: fc.option(text(3, 30), { nil: undefined }),
    ...itemBase,
  })
  .map((item) => (item.link === undefined ? { ...item, linkDisplayText: undefined } : item));

const bounds = (value: Arbitrary<number>) =>
  fc
    .tuple(fc.option(value, { nil: undefined }), fc.option(value, { nil: undefined }))
    .map(([one, other]) =>
      one === undefined || other === undefined
        ? { min: one, max: other }
        : { min: Math.min(one, other), max: Math.max(one, other) },
    );

const integer = fc.integer({ min: -1000, max: 1000 });
const double = fc.double({ min: -1000, max: 1000, noNaN: true }).map((number) => number + 0);

/** Settings of a form field together with a response that fits them. */
const field: Arbitrary<{ settings: JsonObject; response: JsonObject[string] }> = fc.oneof(
  fc.boolean().map((response) => ({ settings: { "@type": "BooleanFormFieldSettings" }, response })),
  arbitraryInstant.map((response) => ({ settings: { "@type": "DateFormFieldSettings" }, response })),
  bounded("DoubleFormFieldSettings", double),
  bounded("IntegerFormFieldSettings", integer),
  fc.integer({ min: 5, max: 10 }).chain((maxRating) =>
    fc.integer({ min: 1, max: maxRating }).map((response) => ({
      settings: { "@type": "RatingFormFieldSettings", maxRating },
      response,
    })),
  ),
  fc.uniqueArray(text(1, 20), { minLength: 1, maxLength: 5 }).chain((options) =>
    fc.oneof(
      fc.constantFrom(...options).map((response) => ({
        settings: { "@type": "SelectionFormFieldSettings", options },
        response,
      })),
      fc.subarray(options, { minLength: 1 }).map((response) => ({
        settings: { "@type": "SelectionFormFieldSettings", options, allowMultipleSelection: true },
        response,
      })),
    ),
  ),
  fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 })).chain(([min, more]) =>
    text(min, min + more).map((response) => ({
      settings: { "@type": "StringFormFieldSettings", min, max: Math.max(min + more, response.length) },
      response,
    })),
  ),
);

function bounded(type: string, value: Arbitrary<number>) {
  return fc.tuple(bounds(value), value).map(([{ min, max }, wanted]) => ({
    settings: { "@type": type, min, max },
    response: Math.min(Math.max(wanted, min ?? wanted), max ?? Math.max(wanted, min ?? wanted)),
  }));
}

const formField = fc
  .record({ "@type": fc.constant("FormFieldRequestItem"), title: text(0, 200), field, ...itemBase })
  .map(({ field: { settings, response }, ...item }) => ({ item: { ...item, settings }, response }));

/** An item with the parameters that accept it. */
interface Answerable {
  readonly item: JsonObject;
  readonly acceptance: ItemDecision;
}

const answerable: Arbitrary<Answerable> = fc.oneof(
  authentication.map((item) => ({ item, acceptance: { accept: true } })),
  consent.map((item) => ({ item, acceptance: { accept: true } })),
  formField.map(({ item, response }) => ({ item, acceptance: { accept: true, response } })),
);

type AnswerableEntry = Answerable | { readonly group: JsonObject; readonly children: readonly Answerable[] };

const entry: Arbitrary<AnswerableEntry> = fc.oneof(
  { weight: 3, arbitrary: answerable },
  {
    weight: 1,
    arbitrary: fc.record({
      group: fc.record({
        title: fc.option(text(0, 200), { nil: undefined }),
        description: fc.option(text(0, 500), { nil: undefined }),
        metadata: fc.option(metadata, { nil: undefined }),
      }),
      children: fc.array(answerable, { minLength: 1, maxLength: 4 }),
    }),
  },
);

const requestFrame = fc.record({
  expiresAt: fc.option(arbitraryInstant, { nil: undefined }),
  title: fc.option(text(0, 200), { nil: undefined }),
  description: fc.option(text(0, 500), { nil: undefined }),
  metadata: fc.option(metadata, { nil: undefined }),
});

const questionnaire = fc
  .record({ frame: requestFrame, entries: fc.array(entry, { minLength: 1, maxLength: 5 }) })
  .map(({ frame, entries }) => ({ request: requestOf(frame, entries), entries }));

function requestOf(frame: JsonObject, entries: readonly AnswerableEntry[]): RequestJson {
  const items = entries.map((given) =>
    "group" in given
      ? { "@type": "RequestItemGroup", ...given.group, items: given.children.map((child) => child.item) }
      : given.item,
  );
  // As it would come out of a file or off the wire: no undefined members.
  return JSON.parse(JSON.stringify({ "@type": "Request", ...frame, items })) as RequestJson;
}

/** Requests with every built-in item type, alone and in groups; without id. */
export const arbitraryRequest: Arbitrary<RequestJson> = questionnaire.map(({ request }) => request);

const rejection: Arbitrary<ItemDecision> = fc
  .record({ code: fc.option(text(0, 200), { nil: undefined }), message: fc.option(text(0, 1000), { nil: undefined }) })
  .map(({ code, message }) => ({
    accept: false,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  }));

/** Requests with a decision that must pass: mandatory items accepted, optional ones either way, or all rejected. */
export const arbitraryDecided: Arbitrary<Decided> = fc
  .tuple(
    questionnaire,
    fc.constantFrom("accept" as const, "reject" as const),
    fc.infiniteStream(fc.boolean()),
    rejection,
  )
  .map(([{ request, entries }, result, coins, no]) => {
    const decide = ({ item, acceptance }: Answerable): ItemDecision => {
      const wanted = item["mustBeAccepted"] === true || coins.next().value === true;
      return result === "accept" && wanted ? acceptance : no;
    };
    const items = entries.map((given) => ("group" in given ? { items: given.children.map(decide) } : decide(given)));
    return { request, decision: { items }, result };
  });

/** Requests with a decision in which exactly one position has a structural mistake of spec/domain.md 5.2. */
export const arbitrarySpoiled: Arbitrary<Spoiled> = fc
  .tuple(arbitraryDecided, fc.nat(), fc.nat())
  .map(([decided, where, which]) => spoiledBy(decided, where, which));

function spoiledBy(decided: Decided, where: number, which: number): Spoiled {
  const positions = positionsOf(decided);
  const [index, child] = positions[where % positions.length] ?? [0];
  const mistakes = mistakesAt(decided, index, child);
  const mistake = mistakes[which % mistakes.length];
  if (mistake === undefined) throw new Error("there is a mistake to make at every position");
  const items = decided.decision.items.map((given, at) => (at === index ? mistake.answer : given));
  return { ...decided, decision: { items }, path: mistake.path, code: mistake.code };
}

function positionsOf({ decision }: Decided): readonly Position[] {
  return decision.items.flatMap((given, index): Position[] =>
    "accept" in given ? [[index]] : [[index], ...given.items.map((_, child): Position => [index, child])],
  );
}

interface Mistake {
  readonly answer: DecisionItem;
  readonly path: readonly number[];
  readonly code: string;
}

function mistakesAt({ request, decision, result }: Decided, index: number, child: number | undefined): Mistake[] {
  const given = decision.items[index] ?? { items: [] };
  const entryJson = request.items[index] ?? {};
  if ("accept" in given)
    return [
      { answer: { items: [given] }, path: [index], code: "requestItemAnsweredAsRequestItemGroup" },
      ...flippable(entryJson, result).map(({ answer, code }) => ({ answer, path: [index], code })),
    ];
  if (child === undefined)
    return [
      { answer: { accept: false }, path: [index], code: "requestItemGroupAnsweredAsRequestItem" },
      { answer: { items: [...given.items, { accept: false }] }, path: [index], code: "invalidNumberOfItems" },
      { answer: { items: given.items.slice(1) }, path: [index], code: "invalidNumberOfItems" },
    ];
  const children = entryJson["items"] as readonly JsonObject[];
  const flips = flippable(children[child] ?? {}, result);
  if (flips.length === 0) return mistakesAt({ request, decision, result }, index, undefined);
  return flips.map(({ answer, code }) => ({
    answer: { items: given.items.map((kept, at) => (at === child ? answer : kept)) },
    path: [index, child],
    code,
  }));
}

function flippable(item: JsonObject, result: "accept" | "reject"): { answer: ItemDecision; code: string }[] {
  if (result === "reject") return [{ answer: { accept: true }, code: "itemAcceptedButRequestNotAccepted" }];
  return item["mustBeAccepted"] === true ? [{ answer: { accept: false }, code: "mustBeAcceptedItemNotAccepted" }] : [];
}

/** Contents of templates, structured and free. */
export const arbitraryTemplateContent: Arbitrary<JsonObject> = fc.oneof(
  fc
    .record({
      title: fc.option(text(0, 200), { nil: undefined }),
      metadata: fc.option(metadata, { nil: undefined }),
      onNewRelationship: arbitraryRequest,
      onExistingRelationship: fc.option(arbitraryRequest, { nil: undefined }),
    })
    .map((content) => JSON.parse(JSON.stringify({ "@type": "RelationshipTemplateContent", ...content })) as JsonObject),
  arbitraryJson.map((value) => ({ "@type": "ArbitraryRelationshipTemplateContent", value })),
);
