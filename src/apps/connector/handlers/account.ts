// The account itself (spec/connector-api.md 1.3, 5.2).
import { type Ask, type Handler, type HandlersOf, nothing, type Reply, result } from "../handler.ts";
import type { accountOperations } from "../operations/account.ts";
import { relationshipShown } from "./relationship-views.ts";

/** Carries out the routes of the account. */
export const accountHandlers: HandlersOf<typeof accountOperations> = {
  getIdentityInfo: async ({ account }) => result(await account.identityInfo()),
  getSyncInfo: async ({ account }) => result(await account.syncInfo()),
  sync,
};

async function sync(ask: Ask): ReturnType<Handler> {
  const { account, profile } = ask;
  const { messages, relationships } = await account.sync();
  const { isWanted, applied } = wishOf(ask);
  const headers = applied === undefined ? {} : { headers: { "preference-applied": applied } };
  if (!isWanted) return { ...nothing, ...headers };
  const shown = {
    messages: messages.map((message) => profile.message(message)),
    relationships: await Promise.all(relationships.map((relationship) => relationshipShown(ask, relationship))),
    // The last clients of the first generation read it; its schema does not have it.
    ...(profile.name === "union" ? { identityDeletionProcesses: [] } : {}),
  };
  return { ...(result(shown) as Extract<Reply, { kind: "result" }>), ...headers };
}

// The rules of spec/connector-api.md 5.2 in their order.
function wishOf({ profile, prefers, connector }: Ask): { readonly isWanted: boolean; readonly applied?: string } {
  if (profile.rules.sync !== "either") return { isWanted: profile.rules.sync === "result" };
  const wish = /\breturn=(representation|minimal)\b/.exec(prefers.prefer ?? "")?.[1];
  if (wish !== undefined) return { isWanted: wish === "representation", applied: `return=${wish}` };
  const { syncResponse } = connector.config.modules.coreHttpApi;
  return { isWanted: syncResponse === "auto" ? !prefers.isClientForm : syncResponse === "result" };
}
