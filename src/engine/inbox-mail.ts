// What is said of Messages for people (spec/domain.md 8.1), and of those that nobody can read any more.
import { extended } from "../model/extended.ts";
import type { MessageRecord, RelationshipRecord } from "../model/records.ts";
import { relayPseudonymOf } from "../sealed/address.ts";
import type { WireMessage } from "../wire/shapes.ts";
import type { Change } from "./change.ts";
import type { Account } from "./context.ts";
import { relationshipView } from "./present.ts";

/** True when the relay shows the pseudonym of erased identities as the sender (spec/backbone-protocol.md 14). */
export function isFromErased({ crypto, transport }: Account, { createdBy }: WireMessage): boolean {
  return createdBy === relayPseudonymOf(crypto, transport.hostName);
}

/** Announces a Mail twice: by itself, and with its Relationship under a name of its own. */
export function announceMail(
  account: Account,
  change: Change,
  { message, relationship }: { message: MessageRecord; relationship: RelationshipRecord },
): void {
  const namespace = "consumption.mailReceived";
  const received = () => extended(message, { mail: message.content });
  change.event(namespace, received);
  change.event(`consumption.relationshipEvent.${relationship.id}`, () =>
    extended(relationshipView(relationship), {
      event: { namespace, eventTargetAddress: account.self, data: received() },
    }),
  );
}
