// Who may be written to (spec/domain.md 8.1, rows 3 to 6).
import type { Refusal } from "../errors/refusal.ts";
import type { RelationshipRecord } from "../model/records.ts";
import { isRelationship } from "./relationship-state.ts";

/** An address, and the Relationship with it that counts. */
export type Recipient = readonly [string, RelationshipRecord | undefined];

/** Why one of them cannot be sent this; each refusal lists every offending address. Notifications may go further. */
export function recipientsRefusal(recipients: readonly Recipient[], isNotification: boolean): Refusal | undefined {
  const offending = (is: (relationship: RelationshipRecord | undefined) => boolean) =>
    recipients.filter(([, relationship]) => is(relationship)).map(([address]) => address);
  const refusal = (code: Refusal["code"], addresses: string[], why: string): Refusal | undefined =>
    addresses.length === 0 ? undefined : { code, message: `${addresses.join(", ")} ${why}.`, details: { addresses } };
  const deletion = (status: string) => offending((one) => one?.peerDeletionInfo?.deletionStatus === status);
  const ofLetters = isNotification
    ? undefined
    : (refusal(
        "error.runtime.messages.hasNoActiveRelationship",
        offending((one) => one === undefined || !isRelationship(one, "messages")),
        "has no Active Relationship with this account",
      ) ?? refusal("error.runtime.messages.peerIsInDeletion", deletion("ToBeDeleted"), "is about to be deleted"));
  return (
    ofLetters ??
    refusal(
      "error.transport.messages.hasNeitherActiveNorTerminatedRelationship",
      offending((one) => one === undefined || !isRelationship(one, "notifications")),
      "has neither an Active nor a Terminated Relationship with this account",
    ) ??
    refusal("error.transport.messages.peerIsDeleted", deletion("Deleted"), "was deleted")
  );
}

/** True when the peer of the Relationship can be sent a Notification. */
export function canBeInformed(relationship: RelationshipRecord | undefined): relationship is RelationshipRecord {
  return relationship !== undefined && recipientsRefusal([[relationship.peer, relationship]], true) === undefined;
}
