import type { Row } from "./row.ts";

/** Codes of Files and of what Messages carry (spec/domain.md 8.1, 8.3, 10). */
export const fileCodes = {
  "error.runtime.files.notOwnedByYou": {
    http: 400,
    exit: 5,
    retry: false,
    advice: "only the owner of the File may do this; ask the owner",
  },
  "error.runtime.messages.fileNotFoundInMessage": {
    http: 400,
    exit: 3,
    retry: false,
    advice: "the Message carries no File with this id; read its attachments",
  },
  "error.transport.files.maxFileSizeExceeded": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the File is over 10 MiB; make it smaller",
  },
  "error.transport.files.plaintextHashMismatch": {
    http: 400,
    exit: 7,
    retry: false,
    advice: "the content of the File is not what its metadata says; ask its owner for a new one",
  },
  "error.transport.files.cipherMismatch": {
    http: 400,
    exit: 7,
    retry: false,
    advice: "the bytes of the File are not those that were uploaded; ask its owner for a new one",
  },
  "error.transport.files.invalidMetadata": {
    http: 400,
    exit: 7,
    retry: false,
    advice: "what the File says about itself does not have the protocol's shape; ask its owner for a new one",
  },
} as const satisfies Record<string, Row>;
