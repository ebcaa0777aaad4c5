// What the caller would like to get, of what a route can answer (spec/connector-api.md 1.15).
import { RapportError } from "rapport/core";
import type { Ask } from "../handler.ts";
import { acceptsRememberedMax } from "../limits.ts";
import type { Operation } from "../operation.ts";

const types = { json: "application/json", png: "image/png" } as const;

/** Makes the choice for an operation. It throws 406 when there is none. */
export function negotiatorOf({
  produces = ["json"],
  anyAccept,
}: Operation): (accept: string | undefined) => Ask["wants"] {
  const choices = produces.filter((produced) => produced === "json" || produced === "png");
  const [preferred = "json"] = choices;
  // Bytes are what they are; published connectors do not ask either.
  if (anyAccept === true || choices.length < produces.length) return () => preferred;
  const known = new Map<string, Ask["wants"]>();
  return (accept) => {
    if (accept === undefined || accept === "*/*") return preferred;
    const found = known.get(accept) ?? bestOf(choices, accept);
    if (found === undefined) throw notAcceptable(choices);
    if (known.size < acceptsRememberedMax) known.set(accept, found);
    return found;
  };
}

interface Wish {
  readonly type: string;
  readonly subtype: string;
  readonly weight: number;
}

/** The best weight wins, then the more exact wish, then what the route prefers. */
function bestOf(choices: readonly Ask["wants"][], accept: string): Ask["wants"] | undefined {
  const wishes = accept.split(",").flatMap(wishIn);
  const rated = choices.map((choice) => ({ choice, ...rate(types[choice], wishes) }));
  const [best] = rated.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight || b.exact - a.exact);
  return best?.choice;
}

function wishIn(part: string): readonly Wish[] {
  const [range = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
  const [type = "", subtype] = range.split("/");
  if (subtype === undefined) return [];
  const weight = parameters.find((text) => text.startsWith("q="))?.slice(2);
  return [{ type, subtype, weight: weight === undefined ? 1 : Number(weight) || 0 }];
}

function rate(mediaType: string, wishes: readonly Wish[]): { readonly weight: number; readonly exact: number } {
  const [type, subtype] = mediaType.split("/");
  let found = { weight: 0, exact: 0 };
  for (const wish of wishes) {
    if ((wish.type !== type && wish.type !== "*") || (wish.subtype !== subtype && wish.subtype !== "*")) continue;
    const exact = (wish.type === "*" ? 1 : 2) + (wish.subtype === "*" ? 0 : 1);
    if (exact > found.exact) found = { weight: wish.weight, exact };
  }
  return found;
}

function notAcceptable(choices: readonly Ask["wants"][]): RapportError {
  const names = choices.map((choice) => types[choice]).join(" or ");
  return new RapportError("error.connector.http.notAcceptable", `The route can answer ${names}, which Accept forbids.`);
}
