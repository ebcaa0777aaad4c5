/**
 * Own attributes that a Response gives away. Accepting notes, in the deciding commit, that the peer has them; a Response that
 * the relay refuses has given nothing, and what is said to be shared would never be given again.
 */
import { attributeIn, forwardsIn, lineNeeds } from "../items/attribute-keys.ts";
import { createLedger, type Ledger } from "../items/attribute-ledger.ts";
import type { AttributeRecord } from "../model/attribute-records.ts";
import { newId } from "../model/ids.ts";
import type { JsonObject } from "../model/json.ts";
import type { RequestRecord } from "../model/records.ts";
import type { Reads } from "../turn/turn.ts";
import type { Change } from "./change.ts";
import type { Account } from "./context.ts";
import { applyEffects } from "./effects.ts";
import { gatherDocuments, type Known } from "./knowledge.ts";

/** A decided LocalRequest, what is known of the attributes in its Response, and the moment. */
export interface Given {
  readonly request: RequestRecord;
  readonly known: Known;
  readonly now: string;
}

/** Reads what the two below need. */
export function gatherGiven(account: Account, reads: Reads, { response, peer }: RequestRecord): Promise<Known> {
  const ids = idsIn(response?.content ?? {});
  return gatherDocuments(account, reads, (known) => ids.flatMap((id) => lineNeeds(known, id, peer)));
}

/** The Response did not get through: the peer has not got what this very Request gave. */
export function takeBack(account: Account, change: Change, given: Given): void {
  const { request } = given;
  const ledger = ledgerOf(account, given);
  for (const attribute of attributesOf(given)) {
    const detail = detailOf(given, attribute);
    if (detail?.sourceReference === request.id) ledger.unforward(attribute, request.peer);
  }
  applyEffects(change, ledger.effects());
}

/** The Response is sent again: what was taken back is given again. */
export function giveAgain(account: Account, change: Change, given: Given): void {
  const { peer, id: sourceReference } = given.request;
  const ledger = ledgerOf(account, given);
  for (const attribute of attributesOf(given)) {
    // An attribute that is valid between the two was made and not forwarded.
    if (attribute.peer === peer || detailOf(given, attribute) !== undefined) continue;
    ledger.forward(attribute, { peer, sourceReference });
  }
  applyEffects(change, ledger.effects());
}

function ledgerOf({ entropy }: Account, { known, now }: Given): Ledger {
  return createLedger({ known, now, newId: (prefix) => newId(prefix, entropy) });
}

function attributesOf({ request, known }: Given): readonly AttributeRecord[] {
  return idsIn(request.response?.content ?? {}).flatMap((id) => attributeIn(known, id) ?? []);
}

function detailOf({ known, request }: Given, { root, id }: AttributeRecord) {
  return forwardsIn(known, root, request.peer)?.details.find(({ attributeId }) => attributeId === id);
}

function idsIn(json: JsonObject): string[] {
  const items = (json["items"] ?? []) as readonly JsonObject[];
  return items.flatMap((item) => {
    if (item["items"] !== undefined) return idsIn(item);
    if (item["result"] !== "Accepted" || item["@type"] === "AttributeAlreadySharedAcceptResponseItem") return [];
    const id = item["successorId"] ?? item["attributeId"];
    return typeof id === "string" ? [id] : [];
  });
}
