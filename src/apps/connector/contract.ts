// The contract of the Connector: every route there is, by name.
import { accountOperations } from "./operations/account.ts";

/** Every route. Validation, OpenAPI and the typed client are derived from it. */
export const contract = Object.freeze({
  ...accountOperations,
});

/** The name of a route. */
export type OperationName = keyof typeof contract;
