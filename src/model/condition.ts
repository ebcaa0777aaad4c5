/**
 * What a query may ask of one field (spec/connector-api.md 1.13). Against an array field "some element matches" holds;
 * `noneOf` means that no element matches. Text comparisons (`startsWith`, `endsWith`, `contains`) ignore case.
 */
export type Condition =
  | { readonly anyOf: readonly Scalar[] }
  | { readonly noneOf: readonly Scalar[] }
  | { readonly exists: boolean }
  | { readonly above: string | number; readonly orEqual?: true }
  | { readonly below: string | number; readonly orEqual?: true }
  | { readonly startsWith: string }
  | { readonly endsWith: string }
  | { readonly contains: string };

/** A value that can be compared. */
export type Scalar = string | number | boolean | null;
