// Bounds of deliveries and of leases (docs/decisions/0012-deliveries-and-leases.md).

/** Tries of one event for one subscriber before it becomes a dead letter: with the waits below, more than 24 hours. */
export const deliveryAttemptsMax = 220;

/** Back-off between these tries: doubled each time, up to the cap, with jitter. A receiver that is back waits no longer. */
export const deliveryWaitMs = 1_000;
export const deliveryWaitMaxMs = 15 * 60 * 1000;

/** Events that a subscriber is handed at the same time: enough to hide its latency, few enough not to flood it. */
export const publishedAtOnceMax = 16;

/** How long a publisher may take over one event: longer than any of ours does by its own limits, so only what hangs is cut off. */
export const publishMaxMs = 2 * 60 * 1000;

/** Entities of which a subscriber's events are at work or wait for their next try; when so many fail, the subscriber is down. */
export const lanesMax = 1_000;

/** Entries of other processes looked at one by one; when there are more, the whole outbox is gone through. */
export const entriesLookedAtMax = 1_000;

/** How long an entry waits for a publisher that this engine does not have. */
export const strandedKeepMs = 30 * 24 * 60 * 60 * 1000;

/** Characters of a correlation id: those of a long trace id, with room to spare. */
export const correlationIdCharsMax = 200;

/** How long a process counts as alive after its last word, and how often it gives word: two may be lost. */
export const presenceMs = 15 * 1000;
export const presenceRenewMs = 5 * 1000;

/** How often the process that delivers looks for events that other processes committed. */
export const sharedLookMs = 1_000;

/** How long, and how often, a process looks whether another one has finished what only one may do. */
export const turnOfOthersMs = 60 * 1000;
export const turnOfOthersLookMs = 500;

/** How long closing an engine waits for events that are being published; what is not taken by then is published again. */
export const closingWaitMs = 5_000;
