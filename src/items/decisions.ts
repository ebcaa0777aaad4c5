import type { Code } from "../errors/catalogue.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import type { Decision, DecisionItem, ItemDecision } from "../model/decision.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { isGroup, type Request, type RequestItem } from "../model/request.ts";
import { isArray, isObject, textProblem } from "../model/shape.ts";
import { snapshot } from "../model/snapshot.ts";

/**
 * Decision parameters, frozen and typed; members beside `items` are dropped. Refusals:
 * `error.runtime.validation.invalidPayload` for the shape, `error.runtime.validation.invalidPropertyValue` for a value.
 */
export function parseDecision(json: unknown): Outcome<Decision> {
  const copied = snapshot(json, "decision");
  return copied.ok ? readDecision(copied.value) : copied;
}

/** The same of a frozen copy that was made before, or of what nobody can change. */
export function readDecision(json: Json): Outcome<Decision> {
  const items = isObject(json) ? json["items"] : undefined;
  if (!isArray(items)) return refuse(shape, "items must be an array with one decision per item of the Request.");
  for (let index = 0; index < items.length; index++) {
    const problem = entryProblem(items[index], `items[${index}]`);
    if (problem !== undefined) return problem;
  }
  return allow(Object.freeze({ items: items as readonly DecisionItem[] }));
}

/** Accepts every item without parameters. */
export function acceptAll(request: Request): Decision {
  return decideAll(request, { accept: true });
}

/** Rejects every item, each with this reason. */
export function rejectAll(
  request: Request,
  reason: { readonly code?: string; readonly message?: string } = {},
): Decision {
  const { code, message } = reason;
  return decideAll(request, {
    accept: false,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  });
}

/** Every item with its decision, those of groups included; the decision must have the shape of the Request. */
export function pairsOf(request: Request, decision: Decision): readonly (readonly [RequestItem, ItemDecision])[] {
  const pairs: (readonly [RequestItem, ItemDecision])[] = [];
  request.items.forEach((entry, index) => {
    const answer = decision.items[index];
    if (answer === undefined) return;
    if (isGroup(entry) && !("accept" in answer))
      entry.items.forEach((item, child) => {
        const inner = answer.items[child];
        if (inner !== undefined) pairs.push([item, inner]);
      });
    else if (!isGroup(entry) && "accept" in answer) pairs.push([entry, answer]);
  });
  return pairs;
}

function decideAll(request: Request, answer: ItemDecision): Decision {
  return { items: request.items.map((entry) => (isGroup(entry) ? { items: entry.items.map(() => answer) } : answer)) };
}

const shape: Code = "error.runtime.validation.invalidPayload";
const value: Code = "error.runtime.validation.invalidPropertyValue";
const codeRule = { max: 200 };
const messageRule = { max: 1000 };

type Refused = ReturnType<typeof refuse>;

function entryProblem(entry: Json | undefined, path: string): Refused | undefined {
  if (!isObject(entry)) return refuse(shape, `${path} must be an object.`);
  if (entry["items"] === undefined) return itemProblem(entry, path);
  if (entry["accept"] !== undefined)
    return refuse(shape, `${path} must have either accept, for an item, or items, for a group.`);
  if (!isArray(entry["items"])) return refuse(shape, `${path}.items must be an array with one decision per child.`);
  for (let index = 0; index < entry["items"].length; index++) {
    const child = entry["items"][index];
    const place = `${path}.items[${index}]`;
    const problem = isObject(child) ? itemProblem(child, place) : refuse(shape, `${place} must be an object.`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function itemProblem(entry: JsonObject, path: string): Refused | undefined {
  const { accept } = entry;
  if (accept === undefined) return refuse(shape, `${path} must have accept: true or false.`);
  if (entry["items"] !== undefined) return refuse(shape, `${path} must have either accept or items, not both.`);
  if (typeof accept !== "boolean")
    return refuse(value, `${path}.accept must be a boolean: true or false, without quotes.`);
  if (accept) return undefined;
  const problem = textProblem(entry, "code", codeRule) ?? textProblem(entry, "message", messageRule);
  return problem === undefined ? undefined : refuse(value, `${path}.${problem}.`);
}
