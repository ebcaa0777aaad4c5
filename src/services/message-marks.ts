// Whether somebody has read a Message here (spec/domain.md 8.1, `wasReadAt`).
import { accountTurn } from "../engine/change.ts";
import { type CommandTag, recordResult } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import { keyOf } from "../model/keys.ts";
import type { MessageRecord } from "../model/records.ts";

/** One mark to set or take away. */
export interface Marking {
  readonly id: string;
  readonly isRead: boolean;
}

/** Sets or takes away the mark; what is as it should be stays as it is, with its time, and nobody is told. */
export function markMessage(
  account: Account,
  { id, isRead }: Marking,
  tag: CommandTag,
): Promise<Outcome<MessageRecord>> {
  return accountTurn(account, {
    gather: async (reads) => (await reads.get<MessageRecord>(keyOf(account.id, "messages", id)))?.document,
    plan(message, change) {
      if (message === undefined) return refuse("error.runtime.recordNotFound", `There is no Message ${id}.`);
      recordResult(account, change, { tag, result: { id } });
      if (isRead === (message.wasReadAt !== undefined)) return allow(message);
      const { wasReadAt: _before, ...unread } = message;
      const marked = isRead ? extended(unread, { wasReadAt: instantOf(account.clock.now()) }) : unread;
      change.put("messages", id, marked);
      change.event("transport.messageWasReadAtChanged", () => marked);
      return allow(marked);
    },
  });
}
