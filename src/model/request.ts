import type { Code } from "../errors/catalogue.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { isId } from "./ids.ts";
import { instantOf, isInstant, msOf } from "./instant.ts";
import { isInstantText } from "./iso-date.ts";
import type { Json, JsonObject } from "./json.ts";
import { flagProblem, isArray, isObject, objectProblem, textProblem } from "./shape.ts";
import { snapshot } from "./snapshot.ts";

/** One atomic ask; its kind adds members of its own. `title` and `requireManualDecision` are of the older generation. */
export interface RequestItem {
  readonly "@type": string;
  readonly mustBeAccepted: boolean;
  readonly title?: string;
  readonly description?: string;
  readonly requireManualDecision?: boolean;
  readonly metadata?: JsonObject;
  readonly [member: string]: Json | undefined;
}

/** A bundle of asks, never nested. `mustBeAccepted` is of the older generation. */
export interface RequestItemGroup {
  readonly "@type": "RequestItemGroup";
  readonly title?: string;
  readonly description?: string;
  readonly mustBeAccepted?: boolean;
  readonly metadata?: JsonObject;
  readonly items: readonly RequestItem[];
  readonly [member: string]: Json | readonly RequestItem[] | undefined;
}

/** What one identity asks another to accept (spec/domain.md 2.7). */
export interface Request {
  readonly "@type": "Request";
  readonly id?: string;
  readonly expiresAt?: string;
  readonly title?: string;
  readonly description?: string;
  readonly items: readonly (RequestItem | RequestItemGroup)[];
  readonly metadata?: JsonObject;
  readonly [member: string]: Json | undefined;
}

/** What parsing needs to know of the item kinds: how to check the members of each `@type`. */
export interface ItemParsers {
  get(type: string): { parse(item: JsonObject): string | undefined } | undefined;
}

/** `idAllowed` is false inside templates. Generation "O" asks groups for `mustBeAccepted` (spec/domain.md 5.2). */
export interface RequestRules {
  readonly idAllowed: boolean;
  readonly generation?: "N" | "O";
}

/** Why content is not well formed, with its path. */
export interface Problem {
  readonly code: Code;
  readonly message: string;
}

/** True for groups. */
export function isGroup(entry: RequestItem | RequestItemGroup): entry is RequestItemGroup {
  return entry["@type"] === "RequestItemGroup";
}

/** Every item, those of groups included, in order. */
export function itemsOf(request: Request): readonly RequestItem[] {
  const items: RequestItem[] = [];
  for (const entry of request.items) {
    if (isGroup(entry)) for (const item of entry.items) items.push(item);
    else items.push(entry);
  }
  return items;
}

/**
 * The same Request, frozen and typed; unknown members are kept. A missing outermost `@type` is completed, and `expiresAt`
 * is written in UTC with milliseconds, so that instants compare as texts. Refusals:
 * `error.runtime.requestDeserialization`, `error.runtime.unknownType`, `error.runtime.notSupported` for kinds that a
 * plugin can bring, `error.runtime.validation.invalidPayload`.
 */
export function parseRequest(json: unknown, kinds: ItemParsers, rules: RequestRules): Outcome<Request> {
  const copied = snapshot(json, "request");
  if (!copied.ok) return copied;
  const value = completed(copied.value);
  const problem = requestProblem(value, "", { kinds, ...rules });
  return problem === undefined ? allow(inUtc(value as Request)) : refuse(problem.code, problem.message);
}

/** The Request with `expiresAt` in UTC with milliseconds; the very same object where it already is. */
export function inUtc(request: Request): Request {
  const { expiresAt } = request;
  if (expiresAt === undefined || isInstant(expiresAt)) return request;
  return Object.freeze({ ...request, expiresAt: instantOf(msOf(expiresAt)) });
}

function completed(value: Json): Json {
  return isObject(value) && value["@type"] === undefined ? Object.freeze({ "@type": "Request", ...value }) : value;
}

/** What `requestProblem` goes by. */
export interface RequestContext extends RequestRules {
  readonly kinds: ItemParsers;
}

const titleRule = { max: 200 };
const descriptionRule = { max: 500 };

/** The first problem of a Request that is plain JSON; `path` is empty or ends with a dot. */
export function requestProblem(json: Json | undefined, path: string, context: RequestContext): Problem | undefined {
  if (!isObject(json)) return malformed(path === "" ? "request" : path.slice(0, -1), " must be an object");
  if (json["@type"] !== "Request") return malformed(path, '@type must be "Request"');
  if (json["id"] !== undefined && !context.idAllowed)
    return malformed(path, "id must be left out: a Request in a template gets its id when it is received");
  const problem = ownProblem(json) ?? textProblem(json, "title", titleRule) ?? sharedProblem(json);
  if (problem !== undefined) return malformed(path, problem);
  const items = json["items"];
  if (!isArray(items) || items.length === 0) return malformed(path, "items must be an array with at least one item");
  for (let index = 0; index < items.length; index++) {
    const found = entryProblem(items[index], `${path}items[${index}]`, context);
    if (found !== undefined) return found;
  }
  return undefined;
}

function ownProblem(request: JsonObject): string | undefined {
  const { id, expiresAt } = request;
  if (id !== undefined && !isId(id, "REQ")) return "id must be REQ and 17 letters or digits";
  if (expiresAt !== undefined && (typeof expiresAt !== "string" || !isInstantText(expiresAt)))
    return "expiresAt must be an ISO 8601 date with time and zone, for example 2030-01-31T12:00:00.000Z";
  return undefined;
}

function sharedProblem(object: JsonObject): string | undefined {
  return textProblem(object, "description", descriptionRule) ?? objectProblem(object, "metadata");
}

function entryProblem(entry: Json | undefined, path: string, context: RequestContext): Problem | undefined {
  if (!isObject(entry)) return malformed(path, " must be an object");
  return entry["@type"] === "RequestItemGroup"
    ? groupProblem(entry, path, context)
    : itemProblem(entry, path, context.kinds);
}

function groupProblem(group: JsonObject, path: string, context: RequestContext): Problem | undefined {
  const older = context.generation === "O" ? true : undefined;
  const problem =
    textProblem(group, "title", titleRule) ?? sharedProblem(group) ?? flagProblem(group, "mustBeAccepted", older);
  if (problem !== undefined) return malformed(`${path}.`, problem);
  const items = group["items"];
  if (!isArray(items) || items.length === 0)
    return malformed(`${path}.`, "items must be an array with at least one item");
  for (let index = 0; index < items.length; index++) {
    const child = items[index];
    const place = `${path}.items[${index}]`;
    if (!isObject(child)) return malformed(place, " must be an object");
    if (child["@type"] === "RequestItemGroup")
      return malformed(place, " must not be a group: put its items one level up");
    const found = itemProblem(child, place, context.kinds);
    if (found !== undefined) return found;
  }
  if (older && group["mustBeAccepted"] === true && !items.some((child) => isObject(child) && child["mustBeAccepted"]))
    return malformed(`${path}.`, "mustBeAccepted may be true only if it is true for an item of the group");
  return undefined;
}

/** Item types of the specification that are left to plugins (spec/domain.md 5.11). */
const broughtByPlugins: ReadonlySet<string> = new Set([
  "RegisterAttributeListenerRequestItem",
  "ShareAuthorizationRequestRequestItem",
  "ShareCredentialOfferRequestItem",
]);

function itemProblem(item: JsonObject, path: string, kinds: ItemParsers): Problem | undefined {
  const type = item["@type"];
  if (typeof type !== "string") return malformed(path, ".@type must be the name of an item type");
  const kind = kinds.get(type);
  if (kind === undefined && broughtByPlugins.has(type)) {
    const message = `${path}.@type is ${type}, which is not built in. A plugin can bring the kind: add one that does.`;
    return { code: "error.runtime.notSupported", message };
  }
  if (kind === undefined) {
    const message = `${path}.@type is ${type.slice(0, 100)}, which no kind knows. Check its spelling or add its plugin.`;
    return { code: "error.runtime.unknownType", message };
  }
  const problem =
    flagProblem(item, "mustBeAccepted", true) ??
    sharedProblem(item) ??
    textProblem(item, "title", titleRule) ??
    flagProblem(item, "requireManualDecision") ??
    kind.parse(item);
  return problem === undefined ? undefined : malformed(`${path}.`, problem);
}

function malformed(path: string, problem: string): Problem {
  return { code: "error.runtime.requestDeserialization", message: `${path}${problem}.` };
}
