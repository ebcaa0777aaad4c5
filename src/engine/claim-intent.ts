import type { JsonObject } from "../model/json.ts";
import type { IntentRecord } from "../model/records.ts";
import type { RelayCall } from "../ports/item-kind.ts";
import { tagged } from "./commands.ts";
import type { Account } from "./context.ts";
import type { Deciding } from "./deciding.ts";
import { draftIntent } from "./intents.ts";

/** What a claim goes on with: where its answer belongs, and the decision that waits for it. */
export type ClaimFacts = { readonly key: string; readonly deciding: Omit<Deciding, "tag"> };

/** The intent of one claim. */
export function claimIntent(
  account: Account,
  { claim, deciding, peer }: { readonly claim: RelayCall; readonly deciding: Deciding; readonly peer: string },
): IntentRecord {
  // The rule set is stored by itself, in the commit that opens the intent.
  const { tag, onFacts: _heard, looked: _looked, decider, ...about } = deciding;
  const { rules: _rules, ...said } = decider;
  const rest = { ...about, decider: said };
  const { key, operation, params, body = {} } = claim;
  const facts = { key, deciding: rest } as unknown as JsonObject;
  const call = params === undefined ? { operation, body } : { operation, body, params };
  return draftIntent(account, { entity: deciding.id, kind: "claim", ...call, peer, ...tagged(tag, facts) });
}
