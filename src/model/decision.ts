/** Decision parameters (spec/domain.md 5.2): one entry per item of the Request, in order; a group holds its children's. */
import type { Json } from "./json.ts";

/** The decision on one item; accepting may carry the parameters of its kind (5.3). */
export type ItemDecision =
  | { readonly accept: true; readonly [parameter: string]: Json | undefined }
  | { readonly accept: false; readonly code?: string; readonly message?: string };

/** The decision on an item, or those on the children of a group. */
export type DecisionItem = ItemDecision | { readonly items: readonly ItemDecision[] };

/** What accept and reject are handed. */
export interface Decision {
  readonly items: readonly DecisionItem[];
}
