/**
 * Claims: what the relay must have done before a Request can be accepted, for example that a File changes its owner. Each is
 * an intent that holds the decision; its answer lets deciding go on, and the intent ends in the commit that does so.
 */
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import type { IntentRecord } from "../model/records.ts";
import { accountTurn } from "./change.ts";
import type { ClaimFacts } from "./claim-intent.ts";
import { tagOf } from "./commands.ts";
import type { Account } from "./context.ts";
import { type Decided, decide } from "./deciding.ts";
import { claimsSecret } from "./deciding-facts.ts";
import { abandonIntent, type IntentKind, type Sighting, stillOpen } from "./intents.ts";
import { perform } from "./performing.ts";
import { isPassing } from "./relay-refusals.ts";
import { putSecret, readSecret } from "./vault.ts";

/** How a claim ends: deciding goes on. What was claimed stays ours, so a later try finds it done. */
export const claimIntentKind: IntentKind = {
  async applied(account, intent, result): Promise<Outcome<Decided>> {
    const { key, deciding } = intent.facts as unknown as ClaimFacts;
    const before = await readSecret<JsonObject>(account, account.store.get, claimsSecret(intent.entity));
    const answers = { ...before, [key]: { ok: true, result } } as { [key: string]: JsonObject };
    const tag = tagOf(intent);
    const decided = await decide(account, tag === undefined ? deciding : { ...deciding, tag }, { intent, answers });
    if (!decided.ok) {
      await keepClaimed(account, intent, answers);
      return decided;
    }
    const { intent: next, isClaim } = decided.value;
    if (next === undefined) return decided;
    const outcome = await perform<Decided>(account, next);
    return isClaim === true ? outcome : decided;
  },

  async look(account, { call }): Promise<Sighting> {
    if (call.operation !== "claimFileOwnership") return "undone";
    const params = call.params ?? {};
    const ask = (operation: "getFile" | "regenerateFileOwnershipToken") =>
      account.transport.call(
        { operation, params, ...(operation === "getFile" ? {} : { body: "{}" }) },
        account.session,
      );
    const file = await ask("getFile");
    if (!file.ok && isPassing(file)) throw fault("relay.unreachable", "The relay could not say whose the File is.");
    if (!file.ok || (file.result as JsonObject)["owner"] !== account.self) return "undone";
    // The answer with the new token is lost; another one is as good.
    const token = await ask("regenerateFileOwnershipToken");
    if (!token.ok) throw fault("relay.unreachable", `The relay gave no ownership token: ${token.error.message}`);
    return { done: token.result as JsonObject };
  },
};

// The decision does not come about, what was claimed for it does.
async function keepClaimed(account: Account, intent: IntentRecord, answers: JsonObject): Promise<void> {
  await accountTurn(account, {
    gather: (reads) => stillOpen(account, reads, intent),
    plan(stored, change) {
      if (stored === undefined) return allow(undefined);
      abandonIntent(change, extended(stored, {}));
      putSecret(account, change, { id: claimsSecret(intent.entity), secret: answers });
      return allow(undefined);
    },
  });
}
