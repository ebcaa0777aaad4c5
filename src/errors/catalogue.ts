import { accountCodes } from "./account-codes.ts";
import { attributeCodes } from "./attribute-codes.ts";
import { configCodes } from "./config-codes.ts";
import { connectorCodes } from "./connector-codes.ts";
import { deadLetterCodes } from "./dead-letter-codes.ts";
import { engineCodes } from "./engine-codes.ts";
import { fileCodes } from "./file-codes.ts";
import { olderCodes } from "./older-codes.ts";
import { ownCodes } from "./own-codes.ts";
import { publisherCodes } from "./publisher-codes.ts";
import { relayCodes } from "./relay-codes.ts";
import { relayDeviceCodes } from "./relay-device-codes.ts";
import { requestCodes } from "./request-codes.ts";

/** Every code there is. Codes are for ever: they are added, never changed. */
export const catalogue = Object.freeze({
  ...ownCodes,
  ...engineCodes,
  ...deadLetterCodes,
  ...accountCodes,
  ...configCodes,
  ...requestCodes,
  ...attributeCodes,
  ...fileCodes,
  ...connectorCodes,
  ...olderCodes,
  ...publisherCodes,
  ...relayCodes,
  ...relayDeviceCodes,
});

/** A stable error code. */
export type Code = keyof typeof catalogue;

/** True when the text is a code of the catalogue. */
export function isCode(text: string): text is Code {
  return Object.hasOwn(catalogue, text);
}
