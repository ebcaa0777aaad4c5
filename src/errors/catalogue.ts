import { engineCodes } from "./engine-codes.ts";
import { ownCodes } from "./own-codes.ts";
import { relayCodes } from "./relay-codes.ts";
import { requestCodes } from "./request-codes.ts";

/** One code: its HTTP status, the exit code of the CLI, whether repeating may help, and what to do (docs/faults.md). */
export interface Row {
  readonly http: number;
  readonly exit: number;
  readonly retry: boolean;
  readonly advice: string;
}

/** Every code there is. Codes are for ever: they are added, never changed. */
export const catalogue = Object.freeze({ ...ownCodes, ...engineCodes, ...requestCodes, ...relayCodes });

/** A stable error code. */
export type Code = keyof typeof catalogue;

/** True when the text is a code of the catalogue. */
export function isCode(text: string): text is Code {
  return Object.hasOwn(catalogue, text);
}
