/** How long connecting, and the broker's word that it has an event, may take; behind slow networks it may be seconds. */
export const answerMsDefault = 10_000;

/** Between two signs of life. A connection that died unnoticed is replaced when the next one stays away. */
export const signOfLifeSeconds = 30;
