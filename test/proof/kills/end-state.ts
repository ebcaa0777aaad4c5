// What is there after everything was started again and has come to rest, as plain JSON.

/** An entry of an audit log. */
export interface AuditEntry {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly reason: string;
  readonly oldStatus?: string | undefined;
  readonly newStatus: string;
}

/** A Relationship as one of its parties has it. */
export interface RelationshipThere {
  readonly id: string;
  readonly peer: string;
  readonly templateId: string;
  readonly status: string;
  readonly auditLog: readonly AuditEntry[];
}

/** A Message as its sender or its recipient has it. */
export interface MessageThere {
  readonly id: string;
  readonly createdBy: string;
  readonly recipients: readonly string[];
  readonly type: string;
  /** Of a mail. */
  readonly mark?: string;
  readonly attached: readonly string[];
}

/** A LocalRequest at one side. */
export interface RequestThere {
  readonly id: string;
  readonly isOwn: boolean;
  readonly peer: string;
  readonly status: string;
  /** What it asks. */
  readonly mark: string;
  /** The template or Message that brought it. */
  readonly source?: string;
  /** What was decided, and what was said. */
  readonly result?: string;
  readonly answer?: string;
}

/** Anything that is known by its id and the mark in it. */
export interface MarkedThere {
  readonly id: string;
  readonly isOwn: boolean;
  readonly mark: string;
}

/** A File with the hash of what a download gave. */
export interface FileThere extends MarkedThere {
  readonly sha256: string;
}

/** Everything that one identity has. */
export interface PartyState {
  readonly address: string;
  readonly messages: readonly MessageThere[];
  readonly relationships: readonly RelationshipThere[];
  readonly requests: readonly RequestThere[];
  readonly templates: readonly MarkedThere[];
  readonly files: readonly FileThere[];
  readonly attributes: readonly MarkedThere[];
  /** What is still open, one sentence each: calls to the relay, dead letters. */
  readonly openWork: readonly string[];
}

/** What the relay has stored. */
export interface RelayState {
  readonly relationships: readonly { readonly id: string; readonly auditLog: readonly AuditEntry[] }[];
  readonly templates: readonly string[];
  readonly files: readonly string[];
  /** Broken laws of the store and what nobody has fetched, one sentence each. */
  readonly flaws: readonly string[];
}

/** One webhook as it arrived. */
export interface Told {
  /** The store and the account in it; each has its own numbers. */
  readonly stream: string;
  readonly number: number;
  readonly trigger: string;
  readonly entity: string;
  readonly status?: string;
  readonly entries?: number;
  /** Where an attribute was made: it tells whose stream this is. */
  readonly owner?: string;
}

/** The end of a house. */
export interface EndState {
  readonly parties: Readonly<Record<string, PartyState>>;
  readonly relay: RelayState;
  /** In the order of arrival. */
  readonly told: readonly Told[];
  /** Processes that ended by themselves or did not start. */
  readonly flaws: readonly string[];
}
