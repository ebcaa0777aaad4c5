// LocalNotifications as Messages make them (spec/domain.md 8.2).
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import type { MessageRecord, NotificationRecord } from "../model/records.ts";
import type { Change } from "./change.ts";
import type { Account } from "./context.ts";

const prefix = "error.runtime.notifications";

/** What a Message of our own with a Notification to one recipient leaves here; nothing for other Messages. */
export function notificationOf(message: MessageRecord): NotificationRecord | undefined {
  const sent = sentNotification(message);
  return sent.ok ? sent.value : undefined;
}

/** The LocalNotification of an own Message. */
function sentNotification(message: MessageRecord): Outcome<NotificationRecord> {
  const { isOwn, recipients } = message;
  if (!isOwn)
    return refuse(`${prefix}.cannotSaveSentNotificationFromPeerMessage`, `The Message ${message.id} is a peer's.`);
  const [recipient] = recipients;
  if (!hasNotification(message) || recipient === undefined || recipients.length !== 1) return without(message);
  return allow({ ...common(message, recipient.address), isOwn: true, status: "Sent" });
}

/** The LocalNotification of a peer's Message. */
function receivedNotification(account: Account, message: MessageRecord): Outcome<NotificationRecord> {
  if (message.isOwn)
    return refuse(`${prefix}.cannotReceiveNotificationFromOwnMessage`, `The Message ${message.id} is your own.`);
  if (!hasNotification(message)) return without(message);
  const receivedByDevice = account.record.deviceId;
  return allow({ ...common(message, message.createdBy), isOwn: false, receivedByDevice, status: "Open" });
}

/**
 * Stores it Open, to be processed in a turn of its own; gives the result of `messageProcessed`. Nobody's Notification takes the
 * place of another one.
 */
export function receiveNotification(
  account: Account,
  change: Change,
  { known, message }: { known: NotificationRecord | undefined; message: MessageRecord },
): string {
  const received = receivedNotification(account, message);
  if (received.ok && known === undefined) {
    change.put("notifications", received.value.id, received.value);
    return "NoRequest";
  }
  account.log.write("warn", "A Notification was not received.", { message: message.id });
  return "Error";
}

function common({ id, createdAt, content }: MessageRecord, peer: string) {
  const source = { type: "Message", reference: id };
  return { id: String(content["id"]), peer, createdAt, content, source };
}

const hasNotification = ({ content }: MessageRecord) => content["@type"] === "Notification";

function without({ id }: MessageRecord): Outcome<never> {
  const message = `The Message ${id} holds no Notification to exactly one recipient.`;
  return refuse(`${prefix}.messageDoesNotContainNotification`, message);
}
