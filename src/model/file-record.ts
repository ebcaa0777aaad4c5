/** `<account>/files/FIL…` (spec/domain.md 8.3); its keys and ownership token are in the secret `file-FIL…`. */
export type FileRecord = {
  readonly id: string;
  readonly isOwn: boolean;
  readonly owner: string;
  readonly createdBy: string;
  readonly createdByDevice: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly filename: string;
  readonly filesize: number;
  readonly mimetype: string;
  readonly title?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly ownershipIsLocked?: true;
  /** The Request whose acceptance made it ours. */
  readonly claimedFor?: string;
};
