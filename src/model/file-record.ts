/** `<account>/files/FIL…` (spec/domain.md 8.3); its keys and ownership token are in the secret `file-FIL…`. */
export type FileRecord = {
  readonly id: string;
  readonly isOwn: boolean;
  readonly owner: string;
  readonly createdBy: string;
  /** Absent once the identity that created it was erased. */
  readonly createdByDevice?: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly filename: string;
  readonly filesize: number;
  readonly mimetype: string;
  readonly title?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly ownershipIsLocked?: true;
  /** Nobody here loaded it: it came with Messages, and goes when the last of them goes. */
  readonly isAttachment?: true;
  /** The Request whose acceptance made it ours. */
  readonly claimedFor?: string;
};

/** The secret `file-FIL…`, all texts base64url but the token. `secretKey` opens the metadata, `contentKey` the bytes. */
export type FileSecret = {
  readonly secretKey: string;
  readonly contentKey: string;
  readonly plaintextHash: string;
  readonly cipherHash: string;
  /** Only while the File is our own. */
  readonly ownershipToken?: string;
};

/** `<account>/uploads/<entity>`: the bytes that an open intent uploads, which are the UTF-8 of a JSON text. */
export type UploadRecord = { readonly text: string };
