// The policy for pending Relationships: the first entry that matches says what becomes of them.
import type { Json, JsonObject, RelationshipFacts, RelationshipVerdict } from "rapport/core";
import type { Match } from "./condition.ts";
import { type RelationshipResponse, responseItemPrefix } from "./config.ts";
import { allHold, and, leavesOf, type Placed, placed } from "./entries.ts";
import { readerOf } from "./paths.ts";
import { nameOf, type ReadTable } from "./reading.ts";

/** An entry for Relationships; `item` must hold for one ResponseItem. */
export interface CompiledPolicy {
  readonly name: string;
  readonly answer: RelationshipResponse;
  readonly general: readonly Placed<JsonObject>[];
  readonly item: readonly Placed<JsonObject>[];
}

/** The entries of a table for Relationships, in order. */
export function relationshipEntries({ relationships, settings }: ReadTable): readonly CompiledPolicy[] {
  return relationships.map((entry, index) => {
    const { generation } = settings;
    const all = Object.entries(entry.relationshipConfig) as [string, Json][];
    const isOfItem = ([path]: [string, Json]) => path.startsWith(responseItemPrefix);
    return {
      name: nameOf(entry, index),
      answer: entry.responseConfig,
      general: all.filter((one) => !isOfItem(one)).map((one) => placed(one, { prefix: "", generation })),
      item: all.filter(isOfItem).map((one) => placed(one, { prefix: responseItemPrefix, generation })),
    };
  });
}

/** What the policy says; nothing when it has no entries. */
export function relationshipVerdict(
  policies: readonly CompiledPolicy[],
  facts: RelationshipFacts,
): RelationshipVerdict | undefined {
  if (policies.length === 0) return undefined;
  const root = relationshipRoot(facts);
  for (const policy of policies) {
    const match = policyMatch(policy, root);
    if (match === "surprise")
      return { verdict: "manual", reason: `A value cannot be compared with what entry ${policy.name} wants.` };
    if (match === "yes") return policyVerdict(policy);
  }
  return { verdict: "manual", reason: "No entry answers it." };
}

/** Whether the policy is about this Relationship. */
export function policyMatch({ general, item }: CompiledPolicy, root: JsonObject): Match {
  const match = allHold(general, root);
  if (match === "no" || item.length === 0) return match;
  const matches = responseItems(root).map((one) => allHold(item, one));
  return and(match, matches.includes("yes") ? "yes" : matches.includes("surprise") ? "surprise" : "no");
}

function policyVerdict({ name, answer }: CompiledPolicy): RelationshipVerdict {
  if ("manual" in answer) return { verdict: "manual", reason: `Entry ${name} leaves it to a person.` };
  if ("ignore" in answer) return { verdict: "ignore", reason: `Entry ${name} ignores it.` };
  const content = answer.content === undefined ? {} : { content: answer.content };
  return { verdict: answer.accept ? "accept" : "reject", reason: `Decided by ${name}.`, ...content };
}

const createdAtReader = readerOf("auditLog.0.createdAt");
const responseReader = readerOf("creationContent.response");
const contentReader = readerOf("content");
const responseItemsReader = readerOf("response.items");

/** What the paths of a policy for Relationships begin at. */
export function relationshipRoot({ relationship, template, request }: RelationshipFacts): JsonObject {
  const content = contentReader(template) as JsonObject | undefined;
  return {
    createdAt: createdAtReader(relationship),
    ...relationship,
    response: responseReader(relationship),
    ...(template === undefined ? {} : { template: { ...content, ...template } }),
    ...(request === undefined ? {} : { request }),
  };
}

/** The ResponseItems of a Relationship's root, those of groups included. */
export function responseItems(root: JsonObject): readonly JsonObject[] {
  return leavesOf(responseItemsReader(root)).map(({ item }) => item);
}
