/** Access tokens kept at most; the oldest is forgotten, and its session simply logs in again. */
export const sessionsMax = 10_000;

/** A token this close to its end is not used any more: the call may arrive late (spec/backbone-protocol.md 2). */
export const tokenRestMs = 10_000;

/** Life of a token when the relay does not say for how long; the official server's own default. */
export const tokenLifeSecondsDefault = 300;

/** Connections to one relay. Calls beyond them wait; 64 calls at a time went through 8, 32 and 64 connections equally fast on two
 * cores. Pipelining four calls on each had a third of that, and one that breaks would leave several calls in doubt. */
export const connectionsDefault = 32;

/** Time to connect, TLS included. A relay that is up takes milliseconds; behind bad mobile networks it may be seconds. */
export const connectMs = 10_000;

/** How long an answer may take to begin, and to go on once it has begun; a relay that needs longer is stuck. */
export const answerMsDefault = 30_000;

/** One answer. A page of 200 Relationships with usual contents is below 2 MiB; a File of 10 MiB and its envelope fit. */
export const answerBytesMax = 64 * 1024 * 1024;

/** Letters that are taken over from the message of an error; more is not for people to read. */
export const errorMessageCharactersMax = 1_000;

/** Letters of an error's code; the longest of the protocol has 116. */
export const errorCodeCharactersMax = 200;

/** How often a stream of news shows that it lives (spec/backbone-protocol.md 9). Twice that in silence, and it is dead. */
export const keepAliveMsDefault = 240_000;

/** One line of a stream of news; those of the protocol have some 30 letters. */
export const newsLineCharactersMax = 64 * 1024;

/** Back-off between two streams of news: doubled each time, up to the cap, spread by up to a half. */
export const newsWaitMs = 1_000;
export const newsWaitMaxMs = 5 * 60 * 1000;

/** A stream that lived this long was a good one: the back-off begins anew. Shorter ones are a relay that sends us away. */
export const newsGoodAfterMs = 30_000;
