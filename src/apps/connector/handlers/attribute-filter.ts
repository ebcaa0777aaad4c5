// What lists of attributes are asked by (spec/connector-api.md 1.13).
import type { QueryTexts } from "../handler.ts";

const ourWords: { readonly [status: string]: string } = {
  ToBeDeletedByPeer: "ToBeDeletedByRecipient",
  DeletedByPeer: "DeletedByRecipient",
  DeletedByOwner: "DeletedByEmitter",
};

/** The filter with the statuses of deletions in the engine's words. */
export function olderFilter(filter: QueryTexts): QueryTexts {
  const entries = Object.entries(filter).map(([name, value]) =>
    name.includes("deletionStatus") ? [name, typeof value === "string" ? ours(value) : value.map(ours)] : [name, value],
  );
  return Object.fromEntries(entries);
}

function ours(value: string): string {
  const [, negation = "", status = ""] = /^(!?)(.*)$/s.exec(value) ?? [];
  return `${negation}${ourWords[status] ?? status}`;
}

/** A boolean of the query: true for the text `true` in any case, and what it is by default when it was not given. */
export function flagIn(value: QueryTexts[string] | undefined, byDefault: boolean): boolean {
  return value === undefined ? byDefault : String(value).toLowerCase() === "true";
}
