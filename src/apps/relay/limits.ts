// Every bound of the relay as an HTTP program, with its reason.

/** A whole request; the relay's core has the same bound (spec/backbone-protocol.md 1). */
export const requestBytesMax = 20 * 1024 * 1024;

/** A request of somebody who need not log in (credentials, challenges, a new identity): strangers get no more memory. */
export const strangerBytesMax = 64 * 1024;

/** The bytes of one File; the relay's core has the same bound (spec/domain.md 2.1). */
export const fileBytesMax = 15 * 1024 * 1024;

/** One text part of an upload: `encryptedProperties` of 1 MiB, as base64. */
export const filePartBytesMax = 1_500_000;

/** Parts of one upload: the six of the protocol, and room for as many that clients may add. */
export const filePartsMax = 12;

/** Line and headers of a request: room for 2,000 ids in a query. */
export const headerBytesMax = 64 * 1024;

/** Values in a query: more than the ids that fit into the line, and too few to keep a core busy with names of one letter. */
export const queryPairsMax = 3_000;

/** Time for the headers: a slower client only holds a connection. */
export const headersWaitMs = 20_000;

/** Time for a whole request: 20 MiB over one megabit per second. */
export const requestWaitMs = 180_000;

/** How long an idle connection stays open: published clients keep sockets, and one closed early looks like a broken network. */
export const idleConnectionMs = 80_000;

/** Open connections: 10,000 event streams and as many ordinary ones. Any more are closed at once. */
export const connectionsMax = 20_000;

/** Letters of a correlation id that is given back and logged: room for two UUIDs. */
export const correlationIdCharsMax = 100;

/** Between two signs of life on an event stream (spec/backbone-protocol.md 9). */
export const streamKeepAliveMs = 240_000;

/** What a stream may have waiting for a client that does not read; an event has some forty bytes and repeats itself. */
export const unreadBytesMax = 4 * 1024;

/** The span in which requests are counted against a rate. */
export const rateWindowMs = 60_000;

/** Devices and addresses whose rate is known; of more, the least recent are forgotten. */
export const ratedVisitorsMax = 50_000;

/** Requests per minute of one device and of one address, for a relay that others reach: far above any client, also
 * behind a shared address, and far below what keeps a core busy. */
export const perDeviceRateDefault = 1_200;
export const perAddressRateDefault = 6_000;

/** How long a look at the store may take before the relay calls itself unhealthy. */
export const healthWaitMs = 5_000;

/** The body of an operator's call: the largest is a collection of tags. */
export const adminBytesMax = 4 * 1024 * 1024;

/** Between two runs of the due timers: erasing may be a minute late, and a run that finds nothing is one small read. */
export const timersEveryMs = 60_000;
