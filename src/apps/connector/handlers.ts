// Who carries out which route.
import type { contract } from "./contract.ts";
import type { HandlersOf } from "./handler.ts";
import { accountHandlers } from "./handlers/account.ts";

/** One handler for every route of the contract. */
export const handlers: HandlersOf<typeof contract> = Object.freeze({
  ...accountHandlers,
});
