// What an account notes about identities and its own end (spec/domain.md 2.2).
import type { Json } from "./json.ts";

/** `<account>/metadata/<reference>~<key>`: IdentityMetadata (spec/domain.md 2.2). */
export type IdentityMetadataRecord = {
  readonly id: string;
  readonly reference: string;
  readonly key?: string;
  readonly value: Json;
};

/** The id under which a note is kept. */
export const metadataId = ({ reference, key }: { readonly reference: string; readonly key?: string | undefined }) =>
  `${reference}~${encodeURIComponent(key ?? "")}`;

/** `<account>/deletions/IDP…`: an IdentityDeletionProcess of this account (spec/domain.md 2.2). */
export type DeletionProcessRecord = {
  readonly id: string;
  readonly status: "Active" | "Cancelled";
  readonly createdAt?: string;
  readonly createdByDevice?: string;
  readonly gracePeriodEndsAt?: string;
  readonly cancelledAt?: string;
  readonly cancelledByDevice?: string;
};
