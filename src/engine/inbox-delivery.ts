// The external event that a peer fetched a Message of ours (spec/domain.md 8.1). Not every relay tells it.
import { allow, type Outcome } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import { keyOf } from "../model/keys.ts";
import type { MessageRecord } from "../model/records.ts";
import type { WireExternalEvent, WireMessage } from "../wire/shapes.ts";
import { accountTurn } from "./change.ts";
import type { Account } from "./context.ts";
import { mark } from "./inbox-marks.ts";
import { fetchMessage } from "./inbox-message.ts";

/** Notes when and by which device each recipient fetched it. */
export async function applyDelivered(account: Account, event: WireExternalEvent): Promise<Outcome<undefined>> {
  const id = event.payload["id"] ?? "";
  const fetched = await fetchMessage(account, id);
  if (!fetched.ok && fetched.refusal.code !== "error.platform.recordNotFound") return fetched;
  const wire = fetched.ok ? fetched.value : undefined;
  return accountTurn(account, {
    gather: async (reads) => (await reads.get<MessageRecord>(keyOf(account.id, "messages", id)))?.document,
    plan(message, change) {
      mark(change, [event]);
      // Erased here, or visible to nobody any more at the relay.
      if (message?.isOwn !== true || wire === undefined) return allow(undefined);
      const delivered = extended(message, { recipients: message.recipients.map((one) => after(one, wire)) });
      change.put("messages", id, delivered);
      change.event("transport.messageDelivered", () => delivered);
      return allow(undefined);
    },
  });
}

type Recipient = MessageRecord["recipients"][number];

function after(recipient: Recipient, { recipients }: WireMessage): Recipient {
  const { receivedAt, receivedByDevice } = recipients.find(({ address }) => address === recipient.address) ?? {};
  return {
    ...recipient,
    ...(receivedAt == null ? {} : { receivedAt }),
    ...(receivedByDevice == null ? {} : { receivedByDevice }),
  };
}
