/** Shapes and keys of Files and their bytes (documents.ts has the rest). */
import type { SecretHash } from "./documents.ts";

/** `createdByDevice` is null once the identity that created it was erased. */
export type FileDocument = {
  readonly id: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly createdByDevice: string | null;
  readonly modifiedAt: string;
  readonly modifiedBy: string;
  readonly modifiedByDevice: string;
  readonly owner: string;
  readonly ownerSignature: string;
  readonly ownershipToken: SecretHash;
  readonly ownershipIsLocked: boolean;
  readonly cipherSize: number;
  readonly cipherHash: string;
  readonly expiresAt: string | null;
  readonly encryptedProperties: string;
  /** The name of its bytes. */
  readonly blob: string;
};
export const filePath = "relay/file";
export const fileKey = (id: string): string => `${filePath}/${id}`;

/** That bytes have no File yet, or none any more (`isDoomed`); see file-bytes.ts. */
export type DoomedBlobDocument = { readonly name: string; readonly isDoomed: boolean; readonly forgetAtMs: number };
export const doomedBlobPath = "relay/doomed-blob";
export const doomedBlobKey = (name: string): string => `${doomedBlobPath}/${name}`;
