/** How long connecting, and Redis' answer to PUBLISH, may take; a server that is up takes milliseconds. */
export const answerMsDefault = 10_000;
