// LocalRequests that wait for something (spec/domain.md 4.2, Open): looked at again at every start and every sync.
import { allow } from "../errors/refusal.ts";
import { instantOf } from "../model/instant.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { RequestRecord } from "../model/records.ts";
import type { Request } from "../model/request.ts";
import { accountTurn } from "./change.ts";
import type { Account } from "./context.ts";
import { announceProcessed } from "./deciding.ts";
import { gatherKnown, infoFor, nothingKnown } from "./knowledge.ts";
import { advance, prerequisitesMet } from "./receive.ts";
import { requestSubject } from "./request-facts.ts";
import { afterClock } from "./request-state.ts";

/** Takes every incoming LocalRequest on whose items can be judged by now; the others stay Open, and silent. */
export async function advanceOpen(account: Account): Promise<void> {
  const where = { status: [{ anyOf: ["Open"] }] };
  const query = { under: pathOf(account.id, "requests"), where };
  for await (const { document } of account.store.find<RequestRecord>(query)) {
    if (!document.isOwn) await advanceOne(account, document);
  }
}

async function advanceOne(account: Account, { id, ...found }: RequestRecord): Promise<void> {
  const subject = await requestSubject(account, { id, ...found });
  await accountTurn(account, {
    async gather(reads) {
      const stored = (await reads.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document;
      const now = instantOf(account.clock.now());
      if (stored === undefined) return { stored, known: nothingKnown, now };
      const info = infoFor(account, { now, peer: stored.peer, requestId: id });
      const known = await gatherKnown(account, reads, { request: stored.content as unknown as Request, info });
      return { stored, known, now };
    },
    plan({ stored, known, now }, change) {
      const record = stored === undefined ? undefined : afterClock(stored, now).record;
      if (record?.status !== "Open" || !prerequisitesMet(account, { record, known, now })) return allow(undefined);
      const next = advance(account, change, { record, known, now });
      if (next.status === "ManualDecisionRequired")
        announceProcessed(change, next, { result: "ManualRequestDecisionRequired", subject });
      return allow(undefined);
    },
  });
}
