import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { instantOf } from "../model/instant.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord, RequestRecord } from "../model/records.ts";
import type { Reads } from "../turn/turn.ts";
import { accountTurn, type Change } from "./change.ts";
import type { Account } from "./context.ts";
import { gatherGiven, takeBack } from "./given-attributes.ts";
import { abandonIntent, listIntents, stillOpen } from "./intents.ts";

/** Takes back an intent of which the transport knows that no byte of it ever left; `also` adds to that commit. */
export async function cancelIntent(
  account: Account,
  id: string,
  also: (change: Change) => void,
): Promise<Outcome<undefined>> {
  const intent = (await listIntents(account)).find((one) => one.id === id);
  if (intent === undefined) throw fault("intent.notFound", `There is no open intent ${id}. List the open ones.`);
  return accountTurn(account, {
    gather: async (reads) => ({
      stored: await stillOpen(account, reads, intent),
      given: await givenBy(account, reads, intent),
    }),
    plan({ stored, given }, change): Outcome<undefined> {
      if (stored === undefined || stored.unsent !== true || account.memory.performing.has(id)) {
        return refuse("intent.alreadySent", `The intent ${id} may have reached the relay. Let it be finished.`);
      }
      abandonIntent(change, stored);
      if (given !== undefined) takeBack(account, change, given);
      also(change);
      return allow(undefined);
    },
  });
}

// A Response that does not leave gives nothing.
async function givenBy(account: Account, reads: Reads, { facts }: IntentRecord) {
  const { answers } = facts;
  if (typeof answers !== "string") return undefined;
  const request = (await reads.get<RequestRecord>(keyOf(account.id, "requests", answers)))?.document;
  if (request === undefined) return undefined;
  const known = await gatherGiven(account, reads, request);
  return { request, known, now: instantOf(account.clock.now()) };
}
