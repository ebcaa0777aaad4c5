/** How long a call may take, connecting and answering; receivers should answer first and work afterwards. */
export const callMsDefault = 15_000;

/** Bytes of an answer that are read so that the connection can be used again; receivers have nothing to tell. */
export const answerBytesMax = 64 * 1024;

/** Bytes of an answer with an access token; tokens have a few thousand. */
export const tokenAnswerBytesMax = 64 * 1024;

/** A token this close to its end is not used any more: the call may arrive late (spec/connector-api.md 4.4). */
export const tokenRestMs = 10_000;

/** Life of a token whose server does not say how long it lives: short, since asking again costs little. */
export const tokenLifeSecondsDefault = 60;

/** Calls remembered for each target, to look at when something does not arrive; older ones are forgotten. */
export const deliveriesPerTargetMax = 100;

/** Secrets that sign at the same time: the new one and, while receivers change over, the one before. */
export const signingSecretsMax = 2;

/** Connections to one receiver; with the engine's order per entity, more would wait for answers anyway. */
export const connectionsPerTargetMax = 16;
