import type { JsonObject } from "./json.ts";
import { languageCodes } from "./languages.ts";
import { isObject } from "./shape.ts";

/** What the validity of tags depends on; the collection is what the relay answers (spec/backbone-protocol.md 5.5). */
export interface Tagged {
  readonly valueType: string;
  readonly collection?: JsonObject;
}

const collected = "bkb:";

/** The first tag that is not valid, by its place (spec/domain.md 6.2). Whether the list is well formed is asked before. */
export function tagsProblem(tags: readonly string[] | undefined, about: Tagged): string | undefined {
  for (const [index, tag] of (tags ?? []).entries()) {
    const problem = tagProblem(tag, about);
    if (problem !== undefined) return `tags[${index}] ${problem}`;
  }
  return undefined;
}

/** True where a tag can only be judged with the relay's collection at hand. */
export function needsTagCollection(tags: readonly string[] | undefined): boolean {
  return (tags ?? []).some((tag) => tag.startsWith(collected));
}

/**
 * Tags of people's own making, and names from a registry that others keep: anything may follow. Of the former, clients of the
 * second generation write a separator of its time.
 */
const free = /^(?:(?:x|X|urn):|[xX]\+%\+)/;

const mimeType = /^[a-z*-]+\/[a-z*-]+$/;

function tagProblem(tag: string, about: Tagged): string | undefined {
  if (free.test(tag)) return undefined;
  if (tag.startsWith(collected)) return collectedProblem(tag.slice(collected.length), about);
  const [, scheme, rest] = /^(language|mimetype):(.*)$/s.exec(tag) ?? [];
  if (scheme === "language")
    return languageCodes.includes(rest ?? "")
      ? undefined
      : "must name a language by ISO 639-1, for example language:de";
  if (scheme === "mimetype")
    return mimeType.test(rest ?? "")
      ? undefined
      : "must name a type and a subtype in lower case, for example mimetype:image/*";
  return `must begin with x:, urn:, language:, mimetype: or ${collected}`;
}

function collectedProblem(path: string, { valueType, collection }: Tagged): string | undefined {
  if (collection === undefined) return "cannot be judged: the relay's collection of tags is not known";
  let level = memberOf(collection["tagsForAttributeValueTypes"], valueType);
  const steps = path.split(":");
  for (const [index, step] of steps.entries()) {
    const node = memberOf(level, step);
    if (node === undefined) return `is not in the relay's collection of tags for ${valueType}`;
    const { children } = node;
    const isLeaf = !isObject(children) || Object.keys(children).length === 0;
    if (index === steps.length - 1) return isLeaf ? undefined : "must go on to one of the tags below it";
    level = isLeaf ? undefined : children;
  }
  return undefined;
}

function memberOf(object: JsonObject[string], member: string): JsonObject | undefined {
  const found = isObject(object) && Object.hasOwn(object, member) ? object[member] : undefined;
  return isObject(found) ? found : undefined;
}
