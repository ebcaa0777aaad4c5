// What a property says, as it is written (docs/prove-rules.md), and as it is held against a Request that was judged.
import type { Json } from "rapport/core";
import type { JudgedRequest, Outcome } from "./judging.ts";

/** A text or several, of which one must be there. */
export type Texts = string | readonly string[];

/** Conditions; all members must hold. Those of an item stand only where a single item is meant. */
export interface When {
  /** The `@type` of the item. */
  readonly item?: Texts;
  /** Of the item: `mustBeAccepted`. */
  readonly mandatory?: boolean;
  /** Of the item: whether it is in a group. */
  readonly grouped?: boolean;
  /** Of the item: the type of the attribute value that it brings or asks for. */
  readonly valueType?: Texts;
  /** Of the item: the key of the attribute that it brings or asks for. */
  readonly key?: Texts;
  /** Of the item: whose attribute it brings or asks for: `self`, `peer` or `other`. */
  readonly owner?: Texts;
  /** Of the item: tags of the attribute that it brings or asks for, one of which is there. */
  readonly tags?: Texts;
  /** Whether there is a Relationship with the peer, whatever its status; or the statuses, one of which one of them has. */
  readonly relationship?: boolean | Texts;
  /** `RelationshipTemplate` or `Message`. */
  readonly source?: Texts;
  readonly peer?: Texts;
  /** Whether the Request expires. */
  readonly expires?: boolean;
  /** The Request expires, and within so many days. */
  readonly expiresWithinDays?: number;
  /** The Request has more items than this, those in groups counted one by one. */
  readonly moreItemsThan?: number;
  /** One item of the Request is like this. */
  readonly someItem?: When;
  /** Every item of the Request is like this. */
  readonly everyItem?: When;
  /** Values under dotted paths of the LocalRequest, as in a rule table; `content.item.` is the item. */
  readonly matches?: { readonly [path: string]: Json };
  readonly and?: readonly When[];
  readonly or?: readonly When[];
  readonly not?: When;
}

/** A property as data: what never or always becomes of an item, or of a whole Request. Exactly one of `never` and `always`. */
export interface PropertyConfig {
  /** How the property is called; default: its sentence. */
  readonly name?: string;
  readonly never?: Outcome | readonly Outcome[];
  readonly always?: Outcome | readonly Outcome[];
  /** What it is about; default `item`. */
  readonly of?: "item" | "request";
  readonly when?: When;
}

/** A property as a function: false is a counter-example, undefined means that it says nothing about this Request. */
export interface PropertyFunction {
  readonly name: string;
  /** The property in words; default: its name. */
  readonly sentence?: string;
  readonly holds: (judged: JudgedRequest) => boolean | undefined;
}

/** What a property says to one Request. `items` are the places that it is about, or that are against it. */
export interface Held {
  readonly result: "holds" | "broken" | "silent";
  readonly places: readonly string[];
}

/** Conditions under one path, with values that fulfil them and values that just do not. */
export interface Wish {
  readonly path: string;
  readonly hits: readonly Json[];
  readonly misses: readonly Json[];
}

/** A property that can be held against Requests. */
export interface Property {
  readonly name: string;
  readonly sentence: string;
  hold(judged: JudgedRequest): Held;
  /** What Requests must be like for the property to say something; each list is one way. */
  readonly scenes: readonly (readonly Wish[])[];
}
