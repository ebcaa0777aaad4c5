// The account itself (spec/connector-api.md 1.3, 5.2).
import { type Handler, type HandlersOf, nothing, result } from "../handler.ts";
import type { accountOperations } from "../operations/account.ts";

const sync: Handler = async ({ account }) => {
  await account.sync();
  return nothing;
};

/** Carries out the routes of the account. */
export const accountHandlers: HandlersOf<typeof accountOperations> = {
  getIdentityInfo: async ({ account }) => result(await account.identityInfo()),
  getSyncInfo: async ({ account }) => result(await account.syncInfo()),
  sync,
};
