import { type CommandOptions, once } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { processNotification } from "../engine/notifications.ts";
import { fault } from "../errors/rapport-error.ts";
import { keyOf } from "../model/keys.ts";
import type { NotificationRecord } from "../model/records.ts";
import { atTheDoor, id, listOptions, options, query } from "./door.ts";
import { each, found, type List, type Listed, type ListOptions, type Query, same } from "./listing.ts";

/** A LocalNotification, as it is kept. */
export type NotificationView = NotificationRecord;

/** Notifications of one account (spec/domain.md 8.2), sent and received. */
export interface Notifications {
  get(id: string): Promise<NotificationView>;
  find(query?: Query, options?: ListOptions): Promise<NotificationView[]>;
  /** The same one by one, complete without a limit. */
  each(query?: Query, options?: ListOptions): AsyncIterable<Listed<NotificationView>>;
  /** Processes one that is Open or in Error. Every sync does so with what is Open; the status says how it went. */
  process(id: string, options?: CommandOptions): Promise<NotificationView>;
}

const fields = same(
  "id",
  "isOwn",
  "peer",
  "createdAt",
  "receivedByDevice",
  "status",
  "content.items.@type",
  "source.type",
  "source.reference",
);

const list: List<NotificationRecord, NotificationView> = { kind: "notifications", fields, view: (record) => record };

/** The service of one account. */
export function createNotifications(account: Account): Notifications {
  const service: Notifications = {
    async get(id) {
      const stored = await account.store.get<NotificationRecord>(keyOf(account.id, "notifications", id));
      if (stored !== undefined) return stored.document;
      throw fault("error.runtime.recordNotFound", `There is no Notification ${id}. Check the id.`);
    },
    find: (query, options) => found(account, list, { query, options }),
    each: (query, options) => each(account, list, { query, options }),
    process: (id, given) =>
      once<NotificationView>(
        account,
        { name: "notifications.process", input: { id }, options: given },
        {
          run: (tag) => processNotification(account, id, tag),
          replay: async (stored) => stored as unknown as NotificationView,
        },
      ),
  };
  return atTheDoor(service, {
    get: [id],
    find: [query, listOptions],
    each: [query, listOptions],
    process: [id, options],
  });
}
