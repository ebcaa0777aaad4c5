// What numbers do not shrink: members, items and groups that a counter-example can do without.
import type { Json, JsonObject, RequestFacts } from "rapport/core";
import { withContent } from "./request-facts.ts";

/** The same facts with one thing less, each in turn; all of them may still come to pass. */
export function* smallerThan(facts: RequestFacts): Generator<RequestFacts> {
  const content = facts.request["content"] as JsonObject;
  const items = content["items"] as readonly JsonObject[];
  for (const fewer of fewerItems(items)) if (fewer.length > 0) yield withContent(facts, { ...content, items: fewer });
  for (const less of withoutOne(content, ["title", "description", "metadata", "expiresAt"]))
    yield withContent(facts, less);
  for (const [index, item] of items.entries())
    for (const less of lesserItems(item)) yield withContent(facts, { ...content, items: items.with(index, less) });
  const { relationships, template } = facts;
  if (relationships.length > 1) yield { ...facts, relationships: relationships.slice(-1) };
  else if (relationships.length === 1 && template !== undefined)
    yield withContent({ ...facts, relationships: [] }, content);
}

function* fewerItems(items: readonly JsonObject[]): Generator<readonly JsonObject[]> {
  // Halves first: there may be a thousand.
  if (items.length > 3) yield items.slice(0, Math.ceil(items.length / 2));
  for (const [index, item] of items.entries()) {
    yield items.toSpliced(index, 1);
    if (item["@type"] !== "RequestItemGroup") continue;
    const inner = item["items"] as readonly JsonObject[];
    yield items.toSpliced(index, 1, ...inner);
    if (inner.length > 1)
      for (const child of inner.keys()) yield items.with(index, { ...item, items: inner.toSpliced(child, 1) });
  }
}

const needsTitle: readonly Json[] = ["FormFieldRequestItem", "AuthenticationRequestItem"];

function* lesserItems(item: JsonObject): Generator<JsonObject> {
  const type = item["@type"] ?? "";
  if (type === "RequestItemGroup") {
    const inner = item["items"] as readonly JsonObject[];
    for (const [index, child] of inner.entries())
      for (const less of lesserItems(child)) yield { ...item, items: inner.with(index, less) };
  }
  const free = ["description", "metadata", "requireManualDecision", ...(needsTitle.includes(type) ? [] : ["title"])];
  yield* withoutOne(item, free);
  if (item["mustBeAccepted"] === true) yield { ...item, mustBeAccepted: false };
  for (const member of ["attribute", "query"]) {
    const inner = item[member];
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) continue;
    for (const less of withoutOne(inner as JsonObject, ["tags", "isTechnical"])) yield { ...item, [member]: less };
  }
}

function* withoutOne(json: JsonObject, names: readonly string[]): Generator<JsonObject> {
  for (const name of names) {
    if (json[name] === undefined) continue;
    const { [name]: _left, ...rest } = json;
    yield rest;
  }
}
