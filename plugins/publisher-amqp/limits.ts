/** How long connecting, and the broker's word that it has an event, may take (spec/connector-api.md 4.3). */
export const answerMsDefault = 2_000;

/** What the engine waits for a whole publish beside connecting and the broker's word: making the message. */
export const publishRestMs = 60_000;
