// External events that are neither about a Relationship nor a Message, by their type (spec/backbone-protocol.md 6).

import { allow, type Outcome } from "../errors/refusal.ts";
import { keyOf } from "../model/keys.ts";
import type { TemplateRecord, TokenRecord } from "../model/records.ts";
import type { WireExternalEvent } from "../wire/shapes.ts";
import { accountTurn } from "./change.ts";
import type { Account } from "./context.ts";
import { applyFileEvent } from "./file-ownership.ts";
import { applyDeletionEvent } from "./identity-deletion.ts";
import { applyDelivered } from "./inbox-delivery.ts";
import { mark } from "./inbox-marks.ts";
import { presentTemplate } from "./templates-view.ts";

type Apply = (account: Account, event: WireExternalEvent) => Promise<Outcome<undefined>>;

const byType: { readonly [type in WireExternalEvent["type"]]?: Apply } = {
  RelationshipTemplateAllocationsExhausted: templateExhausted,
  TokenLocked: tokenLocked,
  FileOwnershipLocked: applyFileEvent,
  FileOwnershipClaimed: applyFileEvent,
  MessageDelivered: applyDelivered,
  IdentityDeletionProcessStarted: applyDeletionEvent,
  IdentityDeletionProcessStatusChanged: applyDeletionEvent,
};

/** Applies the event. Refuses `error.runtime.notSupported` for a type that this version does not know. */
export async function applyOther(account: Account, event: WireExternalEvent): Promise<Outcome<undefined>> {
  const apply = Object.hasOwn(byType, event.type) ? byType[event.type] : undefined;
  if (apply !== undefined) return apply(account, event);
  const message = `External events of the type ${event.type} are not known to this version.`;
  return { ok: false, refusal: { code: "error.runtime.notSupported", message } };
}

function templateExhausted(account: Account, event: WireExternalEvent): Promise<Outcome<undefined>> {
  return accountTurn(account, {
    async gather(reads) {
      const key = keyOf(account.id, "templates", event.payload["relationshipTemplateId"] ?? "");
      const template = (await reads.get<TemplateRecord>(key))?.document;
      return template === undefined ? undefined : presentTemplate(account, template, reads.peek);
    },
    plan(view, change) {
      mark(change, [event]);
      if (view !== undefined) change.event("transport.relationshipTemplateAllocationsExhausted", () => view);
      return allow(undefined);
    },
  });
}

// Somebody has tried too many passwords. The token may be one that is not kept here, so the id has to do; what it holds
// and the key to it are nothing for an event.
function tokenLocked(account: Account, event: WireExternalEvent): Promise<Outcome<undefined>> {
  const tokenId = event.payload["tokenId"] ?? "";
  return accountTurn(account, {
    gather: async (reads) => (await reads.get<TokenRecord>(keyOf(account.id, "tokens", tokenId)))?.document,
    plan(token, change) {
      mark(change, [event]);
      change.event("transport.tokenLocked", () => (token === undefined ? { tokenId } : { tokenId, token }));
      return allow(undefined);
    },
  });
}
