/**
 * Shapes at rest of one account. Embedders see them as present.ts shows them (spec/domain.md 2); `state` is the envelope that
 * only the machines read. Keys are in `keys.ts`. Instants are ISO 8601 UTC with milliseconds.
 */
import type { JsonObject } from "./json.ts";

/** An entity's state as the machines left it (design.md 6). */
export type StateEnvelope = {
  readonly machine: string;
  readonly version: number;
  readonly value: string | JsonObject;
  readonly context: JsonObject;
};

/** `engine/accounts/<id>`: who an account is; written once the relay knows the identity. */
export type AccountRecord = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly address: string;
  readonly deviceId: string;
  readonly publicKey: string;
  readonly relay: string;
};

/** Password protection as users give and see it (spec/domain.md 2.3). */
export type PasswordProtection = {
  readonly password: string;
  readonly passwordIsPin?: true;
  readonly passwordLocationIndicator?: number | string;
};

/** `<account>/templates/RLT…`; its keys are in the secret `template-RLT…`. */
export type TemplateRecord = {
  readonly id: string;
  readonly isOwn: boolean;
  readonly createdBy: string;
  readonly createdByDevice: string;
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly maxNumberOfAllocations?: number;
  readonly forIdentity?: string;
  readonly isPasswordProtected?: true;
  readonly content: JsonObject;
  readonly identityPublicKey: string;
  readonly templateKey: { readonly id: string; readonly publicKey: string };
  /** The latest incoming LocalRequest that this template gave rise to. */
  readonly requestId?: string;
};

/** One step of a Relationship (spec/domain.md 2.5). */
export type AuditEntry = {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly createdByDevice?: string;
  readonly reason: string;
  readonly oldStatus?: string;
  readonly newStatus: string;
};

/** `<account>/relationships/REL…`; its keys are in the secret `relationship-REL…`. */
export type RelationshipRecord = {
  readonly id: string;
  readonly templateId: string;
  readonly status: string;
  readonly peer: string;
  readonly peerIdentity: { readonly address: string; readonly publicKey: string };
  readonly peerDeletionInfo?: { readonly deletionStatus: string; readonly deletionDate: string };
  readonly creationContent: JsonObject;
  readonly responseContent?: JsonObject;
  readonly auditLog: readonly AuditEntry[];
  readonly role: "initiator" | "templator";
  /** The public half of the creation, which accepting needs; only while Pending at the templator. */
  readonly publicRequest?: JsonObject;
  /** A rule looked at this pending Relationship and left it alone. */
  readonly judged?: "manual" | "ignored";
  readonly state: StateEnvelope;
};

/** `<account>/peers/<address>`: what must be unique or at hand per peer. */
export type PeerRecord = {
  readonly address: string;
  /** The one that counts as existing (R1), if any. */
  readonly existing?: string;
  /** The youngest one in any status. */
  readonly newest?: string;
  readonly newestAt?: string;
  /** Incoming LocalRequests from templates that may still be open. */
  readonly openRequests: readonly string[];
};

/** Where a LocalRequest or its Response came from. */
export type Source = { readonly type: string; readonly reference: string };

/** `<account>/requests/REQ…`: a LocalRequest (spec/domain.md 2.7). */
export type RequestRecord = {
  readonly id: string;
  readonly isOwn: boolean;
  readonly peer: string;
  readonly createdAt: string;
  readonly content: JsonObject;
  readonly status: string;
  readonly statusLog: readonly { readonly createdAt: string; readonly oldStatus: string; readonly newStatus: string }[];
  readonly source?: Source;
  readonly response?: { readonly createdAt: string; readonly content: JsonObject; readonly source?: Source };
  readonly wasAutomaticallyDecided?: true;
  /** Left alone by a rule: no answer goes out, and it is not in the default queue. */
  readonly ignored?: true;
  /** Which Request of the template it is (spec/domain.md 12 #21). */
  readonly origin?: "onNewRelationship" | "onExistingRelationship";
  /** Why the Response of a Decided LocalRequest could not be delivered. */
  readonly deliveryError?: { readonly code: string; readonly message: string };
  readonly state: StateEnvelope;
};

/** `<account>/messages/MSG…` (spec/domain.md 8.1). */
export type MessageRecord = {
  readonly id: string;
  readonly isOwn: boolean;
  readonly content: JsonObject;
  readonly createdBy: string;
  readonly createdByDevice: string;
  readonly createdAt: string;
  readonly wasReadAt?: string;
  readonly recipients: readonly {
    readonly address: string;
    readonly relationshipId?: string;
    readonly receivedAt?: string;
    readonly receivedByDevice?: string;
  }[];
  readonly attachments: readonly string[];
};

/** `<account>/tokens/TOK…` (spec/domain.md 2.4); its key is in the secret `token-TOK…`. */
export type TokenRecord = {
  readonly id: string;
  readonly isOwn: boolean;
  readonly createdBy: string;
  readonly createdByDevice: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly forIdentity?: string;
  readonly isPasswordProtected?: true;
  readonly isEphemeral: boolean;
  readonly templateId?: string;
  readonly fileId?: string;
};

/** `<account>/intents/<entity>`: a call to the relay that must not get lost (design.md 2.4). */
export type IntentRecord = {
  readonly id: string;
  readonly entity: string;
  readonly kind: string;
  readonly createdAt: string;
  readonly attempts: number;
  /** The transport knows of every try that no byte left. */
  readonly unsent?: true;
  /** The relay had said, before this was drafted, that it keeps idempotency keys. */
  readonly keyed?: true;
  /** It may have been carried out, and only what peers do will tell (docs/decisions/0006-relays-of-others.md). */
  readonly inDoubt?: true;
  readonly call: {
    readonly operation: string;
    readonly params?: { readonly [name: string]: string };
    readonly body: string;
    readonly idempotencyKey: string;
    /** The call also has bytes, which are the document `uploads/<entity>`. */
    readonly hasBytes?: true;
  };
  /** What turn 2 needs besides the answer. Never a key: those are in the secret `intent-<entity>`. */
  readonly facts: JsonObject;
  /** Documents of turn 1 that go with the intent when the relay refuses it or it is taken back. */
  readonly undo?: readonly { readonly kind: "secrets" | "decisions"; readonly id: string }[];
  /** The peer whose erasure also erases this. */
  readonly peer?: string;
  readonly commandId?: string;
  /** Which call asked for it (`account.withCorrelationId`). */
  readonly correlationId?: string;
  /** The process that performs it, on a store that several may have open. */
  readonly holder?: string;
};

/** `<account>/timers/<entity>`: a deadline (T1). */
export type TimerRecord = { readonly entity: string; readonly dueAt: string };

/** `<account>/decisions/<entity>`: who or what decided, and why (Q3, design.md 5). */
export type DecisionRecord = {
  readonly entity: string;
  readonly peer: string;
  readonly decidedAt: string;
  readonly verdict: string;
  readonly decider: { readonly kind: "human" | "rule"; readonly rule?: string; readonly plugin?: string };
  readonly ruleSet?: string;
  readonly tried: readonly JsonObject[];
  /** For a LocalRequest what was decided about each item; for a Relationship the content of the answer, if any. */
  readonly decision?: JsonObject;
  /**
   * What the decider saw, and the documents that judging looked at (`known`): enough to judge again. Values that may not
   * stand here are `[redacted]`, and `redacted` has their paths.
   */
  readonly facts?: JsonObject;
  /** A person decided after the rules: how those had left it, and what they saw. */
  readonly left?: { readonly verdict: string; readonly decidedAt: string; readonly facts?: JsonObject };
};

/** `<account>/rulesets/<hash>`: the rules of one moment, in order, each with its source where it has one (design.md 5). */
export type RuleSetRecord = {
  readonly hash: string;
  readonly firstUsedAt: string;
  readonly rules: readonly {
    readonly name: string;
    readonly plugin?: string;
    readonly revision?: string;
    readonly source?: JsonObject;
  }[];
};

/** `<account>/notifications/NOT…`: a LocalNotification (spec/domain.md 8.2). */
export type NotificationRecord = {
  readonly id: string;
  readonly isOwn: boolean;
  readonly peer: string;
  readonly createdAt: string;
  readonly receivedByDevice?: string;
  readonly content: JsonObject;
  readonly status: "Sent" | "Open" | "Completed" | "Error";
  readonly source: Source;
  /** Why it could not be processed. */
  readonly error?: { readonly code: string; readonly message: string };
};

/** `<account>/deadletters/<id>`: something that could not be processed and is kept for a person to look at. */
export type DeadLetterRecord = {
  readonly id: string;
  readonly at: string;
  readonly what: string;
  readonly code: string;
  readonly message: string;
  readonly payload: JsonObject;
  /** An event that a subscriber did not take. */
  readonly delivery?: {
    readonly publisher: string;
    readonly subscriber: string;
    readonly target: string;
    /** The id under which it was published, and will be again. */
    readonly event: string;
    readonly name: string;
    readonly at: string;
    readonly entity: string;
    readonly attempts: number;
    readonly correlationId?: string;
  };
  /** An external event of the relay that could not be processed. */
  readonly external?: { readonly index: number; readonly type: string; readonly createdAt: string };
  /** It is on its way again, and goes when it is taken. */
  readonly replayedAt?: string;
};

/** `<account>/commands/<commandId>`: what a command gave, or which intent it waits for. */
export type CommandRecord = {
  readonly input: string;
  readonly at: string;
  readonly intent?: string;
  readonly result?: JsonObject;
};
