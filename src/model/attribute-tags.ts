import type { JsonObject } from "./json.ts";

/** What the validity of tags depends on; the collection is what the relay answers (spec/backbone-protocol.md 5.5). */
export interface Tagged {
  readonly valueType: string;
  readonly collection?: JsonObject;
}

/** The first tag that is not valid (spec/domain.md 6.2). */
export function tagsProblem(_tags: readonly string[] | undefined, _about: Tagged): string | undefined {
  return undefined;
}

/** True where a tag can only be judged with the relay's collection at hand. */
export function needsTagCollection(tags: readonly string[] | undefined): boolean {
  return (tags ?? []).some((tag) => tag.startsWith("bkb:"));
}
