// The rule table as the specification tells it (spec/domain.md 7.3 and 7.4, spec/connector-api.md 4.5), in the plainest words
// there are: nothing is prepared, indexed or shared with the plugin. Slow on purpose: it is what the table is compared with.
import type { Json, JsonObject, RelationshipFacts, RequestFacts } from "rapport/core";
import type { RelationshipEntry, RequestEntry, ResponseConfig, RuleTableOptions } from "rapport/plugins/rules-table";

/** A verdict without its reasons. */
export interface NaiveVerdict {
  readonly verdict: "accept" | "reject" | "manual" | "ignore";
  readonly items?: readonly unknown[];
  readonly content?: JsonObject;
}

/** Entries for Requests, and how they are read. */
export interface NaiveTable {
  readonly entries: readonly RequestEntry[];
  readonly options?: RuleTableOptions;
}

// "surprise": the value cannot be compared, so that a person decides (7.3).
type Held = "yes" | "no" | "surprise";
type Slot = ResponseConfig | undefined;

const isItemPath = (path: string) => path.startsWith("content.item.");

/** What 7.4 says about a Request. */
export function naiveRequestVerdict({ entries, options = {} }: NaiveTable, facts: RequestFacts): NaiveVerdict {
  const { generation = "N" } = options;
  const items = (facts.request["content"] as JsonObject)["items"] as JsonObject[];
  const leaves = items.flatMap((item) => (isGroup(item) ? childrenOf(item) : [item]));
  if (leaves.some((item) => needsPerson(item, options))) return { verdict: "manual" };

  const slots: Slot[] = leaves.map(() => undefined);
  for (const { requestConfig, responseConfig } of entries) {
    for (const [index, item] of leaves.entries()) {
      if (slots[index] !== undefined) continue;
      const isGeneral = !Object.keys(requestConfig).some(isItemPath);
      const isAccept = "accept" in responseConfig && responseConfig.accept;
      if (isGeneral && isAccept && !isSimple(String(item["@type"]), generation)) continue;
      const held = entryHolds(requestConfig, { facts, item, generation });
      if (held === "no") continue;
      if (held === "surprise") return { verdict: "manual" };
      if ("ignore" in responseConfig) return { verdict: "ignore" };
      slots[index] = responseConfig;
    }
    if (slots.every((slot) => slot !== undefined)) break;
  }

  if (slots.some((slot) => slot === undefined)) return { verdict: "manual" };
  const isAccepted = slots.some((slot) => slot !== undefined && "accept" in slot && slot.accept);
  const rest = [...slots];
  const answers = items.map((item) =>
    isGroup(item) ? { items: childrenOf(item).map(() => rest.shift()) } : rest.shift(),
  );
  return { verdict: isAccepted ? "accept" : "reject", items: answers };
}

const isGroup = (item: JsonObject) => item["@type"] === "RequestItemGroup";
const childrenOf = (group: JsonObject) => group["items"] as JsonObject[];

function needsPerson(item: JsonObject, { generation, neverAutomatic }: RuleTableOptions): boolean {
  if (generation === "O" && item["requireManualDecision"] === true) return true;
  const usual = generation === "O" ? [] : ["AuthenticationRequestItem", "ConsentRequestItem"];
  return (neverAutomatic ?? usual).includes(String(item["@type"]));
}

/** Whether a general accept answers items of this type. */
function isSimple(type: string, generation: "N" | "O"): boolean {
  if (type === "CreateAttributeRequestItem" || type === "ShareAttributeRequestItem") return true;
  const older = ["AuthenticationRequestItem", "ConsentRequestItem", "RegisterAttributeListenerRequestItem"];
  return generation === "O" && older.includes(type);
}

interface Place {
  readonly facts: RequestFacts;
  readonly item: JsonObject;
  readonly generation: "N" | "O";
}

function entryHolds(config: JsonObject | RequestEntry["requestConfig"], { facts, item, generation }: Place): Held {
  const { request, relationships } = facts;
  const held = Object.entries(config).map(([path, wanted]): Held => {
    if (wanted === undefined) return "yes";
    if (path === "relationshipAlreadyExists") {
      return wanted === relationships.length > 0 ? "yes" : "no";
    }
    const value = isItemPath(path) ? at(item, path.slice("content.item.".length)) : at(request, path);
    return holds({ path, wanted, value, generation });
  });
  return all(held);
}

// One condition that fails settles it; only when all the others hold does a surprise count.
function all(held: readonly Held[]): Held {
  if (held.includes("no")) return "no";
  return held.includes("surprise") ? "surprise" : "yes";
}

function at(root: Json | undefined, path: string): Json | undefined {
  let value: Json | undefined = root;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}

/** What the first entry that matches says about a pending Relationship (docs/plugins.md); nothing where there are no entries. */
export function naiveRelationshipVerdict(
  entries: readonly RelationshipEntry[],
  facts: RelationshipFacts,
): NaiveVerdict | undefined {
  if (entries.length === 0) return undefined;
  for (const { relationshipConfig, responseConfig } of entries) {
    const held = policyHolds(relationshipConfig, facts);
    if (held === "no") continue;
    if (held === "surprise" || "manual" in responseConfig) return { verdict: "manual" };
    if ("ignore" in responseConfig) return { verdict: "ignore" };
    const { accept, content } = responseConfig;
    return { verdict: accept ? "accept" : "reject", ...(content === undefined ? {} : { content }) };
  }
  return { verdict: "manual" };
}

function policyHolds(config: RelationshipEntry["relationshipConfig"], facts: RelationshipFacts): Held {
  const response = at(facts.relationship, "creationContent.response");
  const items = (at(response, "items") ?? []) as JsonObject[];
  const leaves = items.flatMap((item) => (item["@type"] === "ResponseItemGroup" ? childrenOf(item) : [item]));
  const parts = Object.entries(config) as [string, Json][];
  const isOfItem = (path: string) => path.startsWith("response.item.");
  const compare = (path: string, wanted: Json, value: Json | undefined) =>
    holds({ path, wanted, value, generation: "N" });

  const general = parts
    .filter(([path]) => !isOfItem(path))
    .map(([path, wanted]) => compare(path, wanted, seenOf(facts, path)));
  const ofItems = parts.filter(([path]) => isOfItem(path));
  if (ofItems.length === 0) return all(general);
  const each = leaves.map((item) =>
    all(ofItems.map(([path, wanted]) => compare(path, wanted, at(item, path.slice("response.item.".length))))),
  );
  const one: Held = each.includes("yes") ? "yes" : each.includes("surprise") ? "surprise" : "no";
  return all([...general, one]);
}

function seenOf({ relationship, template, request }: RelationshipFacts, path: string): Json | undefined {
  const [first = ""] = path.split(".");
  const rest = path.slice(first.length + 1);
  if (first === "template") return at(template, rest) ?? at(template, `content.${rest}`);
  if (first === "request") return at(request, rest);
  if (first === "response") return at(relationship, `creationContent.${path}`);
  if (path === "createdAt") return at(relationship, "auditLog.0.createdAt");
  return at(relationship, path);
}

interface Compared {
  readonly path: string;
  readonly wanted: Json;
  readonly value: Json | undefined;
  readonly generation: "N" | "O";
}

function holds({ path, wanted, value, generation }: Compared): Held {
  if (value === undefined) return "no";
  const dated = generation === "O" ? ["At", "From", "To"] : ["At"];
  if (dated.some((end) => path.endsWith(end))) {
    if (typeof value !== "string") return "surprise";
    const expressions = (Array.isArray(wanted) ? wanted : [wanted]) as string[];
    return expressions.every((expression) => dateHolds(expression, value)) ? "yes" : "no";
  }
  if (Array.isArray(wanted)) {
    if (path.endsWith("tags") && Array.isArray(value)) {
      return wanted.some((tag) => value.includes(tag)) ? "yes" : "no";
    }
    if (typeof value === "boolean" || typeof value === "number") return "surprise";
    return wanted.some((one) => isSame(one, value)) ? "yes" : "no";
  }
  return isSame(wanted, value) ? "yes" : "no";
}

function dateHolds(expression: string, value: string): boolean {
  const instant = Date.parse(value);
  if (expression.startsWith("<")) return instant < Date.parse(expression.slice(1));
  if (expression.startsWith(">")) return instant > Date.parse(expression.slice(1));
  return instant === Date.parse(expression);
}

function isSame(one: Json, other: Json): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => {
    if (!Object.hasOwn(other, name)) return false;
    return isSame((one as JsonObject)[name] as Json, (other as JsonObject)[name] as Json);
  });
}
