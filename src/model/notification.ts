// Notifications (spec/domain.md 8.2): content of a Message that informs and asks for no answer.
import { notificationItemsMax } from "../limits.ts";
import { attributeProblem } from "./attribute.ts";
import { isId } from "./ids.ts";
import type { Json, JsonObject } from "./json.ts";
import { isArray, isObject, textProblem } from "./shape.ts";

/** What a Notification says, item by item. */
export type NotificationItem = { readonly "@type": string; readonly [member: string]: Json | undefined };

/** The content of a Message that informs. */
export type Notification = {
  readonly "@type": "Notification";
  readonly id: string;
  readonly items: readonly NotificationItem[];
  readonly [member: string]: Json | readonly NotificationItem[] | undefined;
};

/** The owner of an attribute has a newer version of it. */
export const succeededItem = "PeerAttributeSucceededNotificationItem";
/** The owner of an attribute has deleted it. */
export const deletedByOwnerItem = "OwnAttributeDeletedByOwnerNotificationItem";
/** Somebody has deleted an attribute that the other side of the Relationship owns. */
export const deletedByPeerItem = "PeerRelationshipAttributeDeletedByPeerNotificationItem";
/** Somebody has deleted a copy that was forwarded to them. */
export const forwardedDeletedItem = "ForwardedAttributeDeletedByPeerNotificationItem";

const idRule = { min: 1, max: 100, required: true } as const;

/** The first problem of a Notification's shape. What its items are about says `notificationItemProblem`. */
export function notificationProblem(content: JsonObject): string | undefined {
  const { id, items } = content;
  if (!isId(id, "NOT")) return "content.id must be NOT and 17 letters or digits";
  if (!isArray(items) || items.length === 0) return "content.items must list at least one item";
  if (items.length > notificationItemsMax) return `content.items must list at most ${notificationItemsMax} items`;
  const at = items.findIndex((item) => !isObject(item) || typeof item["@type"] !== "string");
  return at < 0 ? undefined : `content.items[${at}] must be an object with an @type`;
}

/** The first problem of an item of one of our types; "unknown" for items of others. */
export function notificationItemProblem(item: NotificationItem): string | undefined {
  switch (item["@type"]) {
    case succeededItem:
      return (
        textProblem(item, "predecessorId", idRule) ??
        textProblem(item, "successorId", idRule) ??
        attributeProblem(item["successorContent"])
      );
    case deletedByOwnerItem:
    case deletedByPeerItem:
    case forwardedDeletedItem:
      return textProblem(item, "attributeId", idRule);
    default:
      return unknownItem;
  }
}

/** What `notificationItemProblem` says of types that are not known here. */
export const unknownItem = "is of a type that is not known";
