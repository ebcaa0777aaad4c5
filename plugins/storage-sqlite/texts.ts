/**
 * Documents as text. What a collection keeps to itself (`Collection.inner`) stands last, after the only line break that such
 * a text can have, so that the rest can be given away without parsing: to JSON it is white space like any other.
 */
import { type Collection, type Document, kindOf } from "rapport/core";

/** Writes documents as text, and cuts texts. */
export interface Texts {
  bodyOf(key: string, document: Document): string;
  /** The text without the inner members; undefined where they were not written last. */
  outerOf(key: string, body: string): string | undefined;
}

/** For these collections. */
export function createTexts(collections: readonly Collection[]): Texts {
  const innerByKind = new Map(collections.flatMap(({ kind, inner }) => (inner === undefined ? [] : [[kind, inner]])));
  return {
    bodyOf: (key, document) => {
      const inner = innerByKind.get(kindOf(key)) ?? [];
      return inner.some((member) => document[member] !== undefined)
        ? parted(document, inner)
        : JSON.stringify(document);
    },
    outerOf: (key, body) => {
      const inner = innerByKind.get(kindOf(key));
      if (inner === undefined) return undefined;
      const end = body.indexOf("\n");
      if (end !== -1) return `${body.slice(0, end)}}`;
      return inner.length === 0 ? body : undefined;
    },
  };
}

function parted(document: Document, inner: readonly string[]): string {
  const members = Object.entries(document);
  const outer = JSON.stringify(Object.fromEntries(members.filter(([name]) => !inner.includes(name))));
  const rest = JSON.stringify(Object.fromEntries(members.filter(([name]) => inner.includes(name))));
  return outer === "{}" ? rest : `${outer.slice(0, -1)}\n,${rest.slice(1)}`;
}
