import fc, { type Arbitrary } from "fast-check";
import type { Decision, DecisionItem, ItemDecision, JsonObject } from "rapport/core";
import { type Answerable, answerable, askable } from "./item-arbitraries.ts";
import { arbitraryInstant, arbitraryJson, arbitraryMetadata, arbitraryText } from "./json-arbitraries.ts";

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

const maybe = <T>(value: Arbitrary<T>) => fc.option(value, { nil: undefined });

type AnswerableEntry = Answerable | { readonly group: JsonObject; readonly children: readonly Answerable[] };

const entryOf = (item: Arbitrary<Answerable>): Arbitrary<AnswerableEntry> =>
  fc.oneof(
    { weight: 3, arbitrary: item },
    {
      weight: 1,
      arbitrary: fc.record({
        group: fc.record({
          title: maybe(arbitraryText(0, 200)),
          description: maybe(arbitraryText(0, 500)),
          metadata: maybe(arbitraryMetadata),
        }),
        children: fc.array(item, { minLength: 1, maxLength: 4 }),
      }),
    },
  );

const requestFrame = fc.record({
  expiresAt: maybe(arbitraryInstant),
  title: maybe(arbitraryText(0, 200)),
  description: maybe(arbitraryText(0, 500)),
  metadata: maybe(arbitraryMetadata),
});

const questionnaireOf = (item: Arbitrary<Answerable>) =>
  fc
    .record({ frame: requestFrame, entries: fc.array(entryOf(item), { minLength: 1, maxLength: 5 }) })
    .map(({ frame, entries }) => ({ request: requestOf(frame, entries), entries }));

// Whatever can be answered out of hand, by somebody who has nothing yet.
const questionnaire = questionnaireOf(answerable);

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
export const arbitraryRequest: Arbitrary<RequestJson> = questionnaireOf(askable).map(({ request }) => request);

/** Requests that anybody may send to anybody and answer out of hand: without items about attributes that are there already. */
export const arbitraryFirstRequest: Arbitrary<RequestJson> = questionnaire.map(({ request }) => request);

const rejection: Arbitrary<ItemDecision> = fc
  .record({ code: maybe(arbitraryText(0, 200)), message: maybe(arbitraryText(0, 1000)) })
  .map(({ code, message }) => ({
    accept: false,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  }));

/** As many as there can be: five entries, each a group of four. */
const itemsMax = 20;

/** Requests with a decision that must pass: mandatory items accepted, optional ones either way, or all rejected. */
export const arbitraryDecided: Arbitrary<Decided> = fc
  .tuple(
    questionnaire,
    fc.constantFrom("accept" as const, "reject" as const),
    // No stream: what a stream has given is gone when a failure is made smaller.
    fc.array(fc.boolean(), { minLength: itemsMax, maxLength: itemsMax }),
    rejection,
  )
  .map(([{ request, entries }, result, coins, no]) => {
    let at = 0;
    const decide = ({ item, acceptance }: Answerable): ItemDecision => {
      at += 1;
      const wanted = item["mustBeAccepted"] === true || coins[at - 1] === true;
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
      title: maybe(arbitraryText(0, 200)),
      metadata: maybe(arbitraryMetadata),
      onNewRelationship: arbitraryRequest,
      onExistingRelationship: maybe(arbitraryRequest),
    })
    .map((content) => JSON.parse(JSON.stringify({ "@type": "RelationshipTemplateContent", ...content })) as JsonObject),
  arbitraryJson.map((value) => ({ "@type": "ArbitraryRelationshipTemplateContent", value })),
);
