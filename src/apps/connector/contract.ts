// The contract of the Connector: every route there is, by name.
import { accountOperations } from "./operations/account.ts";
import { fileOperations } from "./operations/files.ts";
import { relationshipChangeOperations } from "./operations/relationship-changes.ts";
import { relationshipOperations } from "./operations/relationships.ts";
import { templateOperations } from "./operations/templates.ts";
import { tokenOperations } from "./operations/tokens.ts";

/** Every route. Validation, OpenAPI and the typed client are derived from it. */
export const contract = Object.freeze({
  ...accountOperations,
  ...templateOperations,
  ...relationshipOperations,
  ...relationshipChangeOperations,
  ...fileOperations,
  ...tokenOperations,
});

/** The name of a route. */
export type OperationName = keyof typeof contract;
