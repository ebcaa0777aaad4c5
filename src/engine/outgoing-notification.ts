// Telling peers what happened here (spec/domain.md 6.7, 8.2): letters that leave after the commit of what they tell of.

import { hasCode } from "../errors/rapport-error.ts";
import type { Outcome } from "../errors/refusal.ts";
import type { JsonObject } from "../model/json.ts";
import type { NotificationItem } from "../model/notification.ts";
import type { IntentRecord, RelationshipRecord } from "../model/records.ts";
import type { Reads } from "../turn/turn.ts";
import type { CommandTag } from "./commands.ts";
import type { Account } from "./context.ts";
import { type SealedLetter, sealLetter } from "./outgoing-message.ts";
import { perform } from "./performing.ts";

/** What is to be said to whom. `result` is what the command gives that makes it happen. */
export interface Notice {
  readonly id: string;
  readonly item: NotificationItem;
  readonly relationship: RelationshipRecord;
  readonly result?: JsonObject;
  readonly tag?: CommandTag;
}

/** Seals it; part of `gather`. Post it in the commit of what it tells of. */
export function sealNotice(account: Account, reads: Reads, notice: Notice): Promise<Outcome<SealedLetter>> {
  const { id, item, relationship, result = {}, tag } = notice;
  const content = { "@type": "Notification", id, items: [item] };
  return sealLetter(account, reads, { entity: id, content, recipients: [relationship], result, tag });
}

/** Sends what was posted. Throws `relay.unreachable` when one of them got no answer, after it has tried all. */
export async function sendNotices(account: Account, intents: readonly IntentRecord[]): Promise<void> {
  let silence: unknown;
  for (const intent of intents) {
    try {
      await account.lanes.run(intent.entity, () => perform(account, intent));
    } catch (problem) {
      if (!hasCode(problem, "relay.unreachable")) throw problem;
      silence = problem;
    }
  }
  if (silence !== undefined) throw silence;
}
