// Attributes at rest (spec/domain.md 6.1). Keys are in `keys.ts`; instants are ISO 8601 UTC with milliseconds.
import type { JsonObject } from "./json.ts";

/** What became of a copy at the peer (emitted) or of what a peer gave (received), spec/domain.md 6.1. */
export type DeletionInfo = { readonly deletionStatus: string; readonly deletionDate: string };

/** `<account>/attributes/ATT…`: a LocalAttribute (spec/domain.md 6.1); the `@type` is its subtype. */
export type AttributeRecord = {
  readonly id: string;
  readonly "@type":
    | "OwnIdentityAttribute"
    | "PeerIdentityAttribute"
    | "OwnRelationshipAttribute"
    | "PeerRelationshipAttribute"
    | "ThirdPartyRelationshipAttribute";
  readonly content: JsonObject;
  readonly createdAt: string;
  readonly succeeds?: string;
  readonly succeededBy?: string;
  readonly wasViewedAt?: string;
  readonly isDefault?: true;
  /** All but OwnIdentityAttribute: who it was received from or exists with. */
  readonly peer?: string;
  /** The id of the Request or Notification that brought it. */
  readonly sourceReference?: string;
  readonly initialAttributePeer?: string;
  readonly deletionInfo?: DeletionInfo;
  /** The id of its first version, which names the line of all its versions, also after that one was deleted. */
  readonly root: string;
  /** Its place in the line, from 0. */
  readonly version: number;
};

/** `<account>/attributeforwards/<root>~<peer>`: AttributeForwardingDetails of one line of versions to one peer. */
export type ForwardsRecord = {
  readonly root: string;
  readonly peer: string;
  /** In the order in which they were shared. */
  readonly details: readonly {
    readonly id: string;
    readonly attributeId: string;
    /** That attribute's place in the line. */
    readonly version: number;
    readonly sourceReference: string;
    readonly sharedAt: string;
    readonly deletionInfo?: DeletionInfo;
  }[];
};

/** `<account>/attributevalues/<bucket>`: the latest OwnIdentityAttributes whose trimmed value may be the same. */
export type ValueBucketRecord = { readonly ids: readonly string[] };

/** `<account>/attributekeys/<peer>~own|peer~<value type>~<key>`: the latest RelationshipAttributes under one key (5.13). */
export type KeyBucketRecord = { readonly ids: readonly string[] };
