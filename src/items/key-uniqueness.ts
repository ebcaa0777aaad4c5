import type { Json, JsonObject } from "../model/json.ts";
import type { RequestItem } from "../model/request.ts";
import { isObject } from "../model/shape.ts";

/**
 * The key that two of these items would both create a RelationshipAttribute for, with the same owner and value type
 * (spec/domain.md 5.13). An empty owner is the recipient.
 */
export function repeatedKey(items: readonly RequestItem[], recipient = ""): string | undefined {
  let seen: Set<string> | undefined;
  for (const item of items) {
    const created = createdBy(item);
    if (created === undefined) continue;
    const { key, owner, valueType } = created;
    const identity = JSON.stringify([owner === "" ? recipient : owner, key, valueType]);
    if (seen?.has(identity)) return String(key);
    seen ??= new Set();
    seen.add(identity);
  }
  return undefined;
}

interface Created {
  readonly owner: Json | undefined;
  readonly key: Json | undefined;
  readonly valueType: Json | undefined;
}

/** The RelationshipAttribute that accepting the item would create, by the item's JSON alone. */
function createdBy(item: RequestItem): Created | undefined {
  switch (item["@type"]) {
    case "CreateAttributeRequestItem": {
      const attribute = typed(item["attribute"], "RelationshipAttribute");
      return attribute && created(attribute, member(attribute["value"], "@type"));
    }
    case "ReadAttributeRequestItem":
    case "ProposeAttributeRequestItem": {
      const query = typed(item["query"], "RelationshipAttributeQuery");
      return query && created(query, member(query["attributeCreationHints"], "valueType"));
    }
    default:
      return undefined;
  }
}

function created(source: JsonObject, valueType: Json | undefined): Created {
  return { owner: source["owner"], key: source["key"], valueType };
}

function typed(value: Json | undefined, type: string): JsonObject | undefined {
  return isObject(value) && value["@type"] === type ? value : undefined;
}

function member(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) ? value[name] : undefined;
}
