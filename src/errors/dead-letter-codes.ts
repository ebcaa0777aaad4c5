import type { Row } from "./row.ts";

/** Codes of dead letters: what could not be delivered or processed, and is kept for a person to look at. */
export const deadLetterCodes = {
  "deadLetter.notFound": {
    http: 404,
    exit: 3,
    retry: false,
    advice: "there is no such dead letter; it may have been taken meanwhile; list those that are there",
  },
  "deadLetter.notReplayable": {
    http: 409,
    exit: 5,
    retry: false,
    advice: "what the dead letter holds cannot be done again; read it, do what is left to do by hand, and discard it",
  },
} as const satisfies Record<string, Row>;
