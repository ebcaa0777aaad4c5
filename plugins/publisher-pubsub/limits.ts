/** How long the service's word that it has an event may take, with the client's own repeats; then the engine tries again. */
export const answerMsDefault = 60_000;
