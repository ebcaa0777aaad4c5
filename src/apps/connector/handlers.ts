// Who carries out which route.
import type { contract } from "./contract.ts";
import type { HandlersOf } from "./handler.ts";
import { accountHandlers } from "./handlers/account.ts";
import { fileHandlers } from "./handlers/files.ts";
import { relationshipChangeHandlers } from "./handlers/relationship-changes.ts";
import { relationshipHandlers } from "./handlers/relationships.ts";
import { templateHandlers } from "./handlers/templates.ts";
import { tokenHandlers } from "./handlers/tokens.ts";

/** One handler for every route of the contract. */
export const handlers: HandlersOf<typeof contract> = Object.freeze({
  ...accountHandlers,
  ...templateHandlers,
  ...relationshipHandlers,
  ...relationshipChangeHandlers,
  ...fileHandlers,
  ...tokenHandlers,
});
