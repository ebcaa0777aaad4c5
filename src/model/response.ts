import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { isId } from "./ids.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Problem } from "./request.ts";
import { choiceProblem, isArray, isObject } from "./shape.ts";
import { snapshot } from "./snapshot.ts";

/** The decision on one item; its type adds members of its own. */
export interface ResponseItem {
  readonly "@type": string;
  readonly result: "Accepted" | "Rejected" | "Error";
  readonly [member: string]: Json | undefined;
}

/** The decisions on the children of a group. */
export interface ResponseItemGroup {
  readonly "@type": "ResponseItemGroup";
  readonly items: readonly ResponseItem[];
}

/** Mirrors the Request, position by position (spec/domain.md 2.7). */
export interface Response {
  readonly "@type": "Response";
  readonly result: "Accepted" | "Rejected";
  readonly requestId: string;
  readonly items: readonly (ResponseItem | ResponseItemGroup)[];
  readonly [member: string]: Json | readonly (ResponseItem | ResponseItemGroup)[] | undefined;
}

/** Carries a Response back inside a Message. */
export interface ResponseWrapper {
  readonly "@type": "ResponseWrapper";
  readonly requestId: string;
  readonly requestSourceReference: string;
  readonly requestSourceType: "Message" | "RelationshipTemplate";
  readonly response: Response;
}

/** What parsing needs to know of the item kinds: how to check the members of each type of ResponseItem. */
export interface ResponseParsers {
  getResponse(type: string): ((item: JsonObject) => string | undefined) | undefined;
}

/** True for groups of a Response. */
export function isResponseGroup(entry: ResponseItem | ResponseItemGroup): entry is ResponseItemGroup {
  return entry["@type"] === "ResponseItemGroup";
}

/** The same Response, frozen and typed. Refusals: `error.runtime.servalError`, `error.runtime.unknownType`. */
export function parseResponse(json: unknown, kinds: ResponseParsers): Outcome<Response> {
  const copied = snapshot(json, "response");
  if (!copied.ok) return copied;
  const problem = responseProblem(copied.value, "", kinds);
  return problem === undefined ? allow(copied.value as unknown as Response) : refuse(problem.code, problem.message);
}

/** The same ResponseWrapper, frozen and typed. Refusals as for `parseResponse`. */
export function parseResponseWrapper(json: unknown, kinds: ResponseParsers): Outcome<ResponseWrapper> {
  const copied = snapshot(json, "content");
  if (!copied.ok) return copied;
  const problem = wrapperProblem(copied.value, kinds);
  return problem === undefined
    ? allow(copied.value as unknown as ResponseWrapper)
    : refuse(problem.code, problem.message);
}

const prefixes: { readonly [source: string]: string } = { Message: "MSG", RelationshipTemplate: "RLT" };

/** The first problem of a ResponseWrapper that is plain JSON. */
export function wrapperProblem(json: Json, kinds: ResponseParsers): Problem | undefined {
  if (!isObject(json)) return malformed("content", " must be an object");
  if (json["@type"] !== "ResponseWrapper") return malformed("", '@type must be "ResponseWrapper"');
  const { requestSourceType: source, requestSourceReference: reference } = json;
  if (!isId(json["requestId"], "REQ")) return malformed("", "requestId must be REQ and 17 letters or digits");
  const choice = choiceProblem(json, "requestSourceType", Object.keys(prefixes));
  if (choice !== undefined) return malformed("", choice);
  if (!isId(reference, prefixes[String(source)] ?? ""))
    return malformed("", `requestSourceReference must be the id of a ${source}`);
  return responseProblem(json["response"], "response.", kinds);
}

/** The first problem of a Response that is plain JSON; `path` is empty or ends with a dot. */
export function responseProblem(json: Json | undefined, path: string, kinds: ResponseParsers): Problem | undefined {
  if (!isObject(json)) return malformed(path === "" ? "response" : path.slice(0, -1), " must be an object");
  if (json["@type"] !== "Response") return malformed(path, '@type must be "Response"');
  const result = choiceProblem(json, "result", ["Accepted", "Rejected"]);
  if (result !== undefined) return malformed(path, result);
  if (!isId(json["requestId"], "REQ")) return malformed(path, "requestId must be REQ and 17 letters or digits");
  return itemsProblem(json["items"], path, (entry, place) =>
    entry["@type"] === "ResponseItemGroup"
      ? itemsProblem(entry["items"], `${place}.`, (child, inner) => itemProblem(child, inner, kinds))
      : itemProblem(entry, place, kinds),
  );
}

function itemsProblem(
  items: Json | undefined,
  path: string,
  check: (entry: JsonObject, place: string) => Problem | undefined,
): Problem | undefined {
  if (!isArray(items) || items.length === 0) return malformed(path, "items must be an array with at least one item");
  for (let index = 0; index < items.length; index++) {
    const entry = items[index];
    const place = `${path}items[${index}]`;
    const problem = isObject(entry) ? check(entry, place) : malformed(place, " must be an object");
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function itemProblem(item: JsonObject, path: string, kinds: ResponseParsers): Problem | undefined {
  const type = item["@type"];
  if (typeof type !== "string") return malformed(path, ".@type must be the name of a ResponseItem type");
  const check = kinds.getResponse(type);
  if (check === undefined) {
    const message = `${path}.@type is ${type.slice(0, 100)}, which no kind knows. Check its spelling or add its plugin.`;
    return { code: "error.runtime.unknownType", message };
  }
  const problem = choiceProblem(item, "result", ["Accepted", "Rejected", "Error"]) ?? check(item);
  return problem === undefined ? undefined : malformed(`${path}.`, problem);
}

function malformed(path: string, problem: string): Problem {
  return { code: "error.runtime.servalError", message: `${path}${problem}.` };
}
