/** How long connecting, and the server's sign that it has an event, may take; a server that is up takes milliseconds. */
export const answerMsDefault = 10_000;

/** Between two signs of life. A connection that died unnoticed is replaced when two of them stay away. */
export const signOfLifeMs = 10_000;
