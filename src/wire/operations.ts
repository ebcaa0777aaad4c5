/**
 * The protocol is a table: every operation of the relay that Rapport knows (spec/backbone-protocol.md 5). The relay, every
 * transport and docs/protocol.md are derived from it.
 */
import type { Code } from "../errors/catalogue.ts";
import { accountOperations } from "./account-operations.ts";
import { deviceOperations } from "./device-operations.ts";
import { exchangeOperations } from "./exchange-operations.ts";
import { fileOperations } from "./file-operations.ts";
import { noticeOperations } from "./notice-operations.ts";
import { relationshipOperations } from "./relationship-operations.ts";
import { syncOperations } from "./sync-operations.ts";

export type { Operation } from "./operation.ts";

/** What any operation may answer beside its own errors. */
export const commonErrors = Object.freeze([
  "error.platform.unauthorized",
  "error.platform.inputCannotBeParsed",
  "error.platform.requestBodyTooLarge",
  "error.platform.validation.invalidPropertyValue",
  "error.platform.validation.invalidId",
  "error.platform.validation.idempotencyKeyReused",
  "error.platform.unexpected",
] as const satisfies readonly Code[]);

/** The operations by name. `raiseEpoch` is Rapport's own; everything else is the published protocol. */
export const operations = Object.freeze({
  ...accountOperations,
  ...deviceOperations,
  ...exchangeOperations,
  ...fileOperations,
  ...noticeOperations,
  ...relationshipOperations,
  ...syncOperations,
});

/** The name of an operation. */
export type OperationName = keyof typeof operations;

/** True when the text names an operation. */
export function isOperationName(text: string): text is OperationName {
  return Object.hasOwn(operations, text);
}
