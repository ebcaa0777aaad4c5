// Every bound of the Connector as an HTTP program, with its reason.

/** A JSON body; the published connector has the same bound (spec/connector-api.md 2.3). */
export const bodyBytesMax = 2 * 1024 * 1024;

/** Levels of a JSON body: far more than any content has, and too few to exhaust a stack that walks it. */
export const bodyDepthMax = 64;

/** The bytes of an uploaded file; the engine has the same bound for the content of a File. */
export const fileBytesMax = 10 * 1024 * 1024;

/** One text of a form: a long description, and no second file. */
export const formFieldBytesMax = 64 * 1024;

/** Parts of a form: the file, its few texts, and room for tags. */
export const formPartsMax = 100;

/** Letters of the name of a form's part: names are known and short. */
export const formNameCharsMax = 100;

/** Line and headers of a request: room for a session cookie, a token and a query of many ids. */
export const headerBytesMax = 64 * 1024;

/** Letters of one parameter in a path: references of files are given there, and those with a URL are the longest. */
export const pathParameterCharsMax = 2_048;

/** Values in a query: more than the ids that fit into the line, and too few to keep a core busy with names of one letter. */
export const queryPairsMax = 3_000;

/** Letters of what the caller sent that are repeated in an error: enough to recognise it. */
export const echoedCharsMax = 60;

/** Letters of a correlation id that is given back and logged: room for two UUIDs. */
export const correlationIdCharsMax = 100;

/** Letters of an `Idempotency-Key`: common clients send UUIDs; the draft standard names no bound. */
export const idempotencyKeyCharsMax = 255;

/** Different `Accept` headers of which the outcome is remembered per route: programs send one, browsers a few. */
export const acceptsRememberedMax = 50;

/** Time for the headers: a slower client only holds a connection. */
export const headersWaitMs = 20_000;

/** Time for a whole request: a file of 10 MiB over one megabit per second. */
export const requestWaitMs = 120_000;

/** How long an idle connection stays open: published clients keep sockets, and one closed early looks like a broken network. */
export const idleConnectionMs = 80_000;

/** Open connections: integrators are few; more than this is a mistake or an attack, and is closed at once. */
export const connectionsMax = 2_000;

/** The delay before wrong credentials are answered, so that guessing is slow (spec/connector-api.md 2.3). */
export const unauthorizedDelayMsMin = 1_000;
export const unauthorizedDelayMsMax = 4_000;

/** Answers to wrong credentials that wait at the same time: each holds its request, some 10 kB. */
export const refusalsWaitingMax = 500;

/** Letters of a list that are gathered before they are sent: shorter lists have a length, longer ones are a stream. */
export const listPieceCharsMax = 256 * 1024;

/** Letters of rendered objects that are kept for the next list: some 20,000 objects of 1.5 kB. */
export const renderedCharsMax = 32 * 1024 * 1024;

/** Answers below this are not compressed: the headers would cost more than it saves. */
export const compressedFromBytes = 2_048;

/** How long the state of our login at the relay is believed (spec/connector-api.md 1.1). */
export const loginProbeKeepMs = 300_000;

/** How long the state of the rest is believed: strangers may ask for it, and cannot make us call the relay more often. */
export const probeKeepMs = 1_000;

/** How long a look at the store or the relay may take before it counts as unhealthy. */
export const healthWaitMs = 5_000;
