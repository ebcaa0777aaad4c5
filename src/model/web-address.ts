import type { JsonObject } from "./json.ts";
import { textProblem } from "./shape.ts";

/** Web addresses only, with or without their scheme: a link that a person clicks must not run anything. */
const webAddress = /^(?:https?:\/\/[^\s/?#]+|[^\s/?#:@]+\.[^\s/?#:@.]+(?::\d+)?)(?:[/?#]\S*)?$/i;

/** True for web addresses, http or https; the scheme may be left out. */
export function isWebAddress(text: string): boolean {
  return webAddress.test(text);
}

const linkRule = { min: 3, max: 1024 };
const linkTextRule = { min: 3, max: 30 };

/** The problem with `link` and `linkDisplayText`, both of which may be absent. */
export function linkProblem(object: JsonObject): string | undefined {
  const { link, linkDisplayText } = object;
  const problem = textProblem(object, "link", linkRule);
  if (problem !== undefined) return problem;
  if (typeof link === "string" && !isWebAddress(link)) return "link must be a web address, http or https";
  if (linkDisplayText !== undefined && link === undefined)
    return "linkDisplayText must come with link: add the link, or leave the text out";
  return textProblem(object, "linkDisplayText", linkTextRule);
}
