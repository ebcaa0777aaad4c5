/** Parsed documents kept in memory. At a typical 1 kB a document this is some 20 MB of heap; a miss costs its transfer. */
export const hotDocumentsMax = 8_192;

/** Text behind the hot documents, in UTF-16 code units, so that a few huge documents cannot fill the heap. */
export const hotCharactersMax = 16 * 1024 * 1024;

/** One document as JSON text, as in the other stores. PostgreSQL itself stops at 1 GB a value and a message. */
export const documentCharactersMax = 64 * 1024 * 1024;

/** One key in UTF-8. A row of a B-tree index holds 2,704 bytes, and those of `entries` hold a collection and a value. */
export const keyBytesMax = 1_024;

/** Commits in one transaction. Beyond this the flush no longer weighs, but every lock of it is held longer. */
export const commitsPerFlushMax = 1_024;

/** Text of the documents in one transaction, in UTF-16 code units, unless one commit alone has more. */
export const charactersPerFlushMax = 16 * 1024 * 1024;

/** Commits that wait for a flush. More means that the database cannot follow; a fault is better than a full heap. */
export const commitsWaitingMax = 65_536;

/** How often a flush is taken again after a deadlock, a lost connection or a faster process. Each loss needs a winner. */
export const attemptsPerFlushMax = 32;

/** How often a read is tried: a second time on a new connection, for pooled ones may have died unnoticed. */
export const attemptsPerReadMax = 2;

/** How often the database is asked whether a commit without an answer was made; with the pause below, for ten seconds. */
export const outcomeAsksMax = 40;

/** The pause between two such questions: a server that restarts after a crash needs some of them. */
export const outcomePauseMs = 250;

/** Versions that one step of the sequence gives. A flush of one update burns the rest; 2^48 steps are left all the same. */
export const versionsPerStep = 32;

/** Keys that one query reads. Gets of one turn of the event loop share it; a longer list would only delay its first answers. */
export const keysPerReadMax = 1_024;

/** Queries for single documents that run at the same time. What arrives meanwhile shares the next one. */
export const readsAtOnceMax = 4;

/** Keys that wait to be read. More means that the database cannot follow; a fault is better than a full heap. */
export const keysWaitingMax = 65_536;

/** Rows of the first page of a find; most finds end here. Each further page is twice as long. */
export const findPageMin = 64;

/** Rows of the longest page of a find: what is parsed in one go, about 10 ms. */
export const findPageMax = 1_024;

/** Text of one page, in UTF-16 code units: pages of large documents get shorter, so that a listing fits whatever it lists. */
export const findPageCharactersMax = 4 * 1024 * 1024;

/** Documents read at a time while an index is built. */
export const rebuildPageMax = 1_024;

/** Leading code units of a text that the index keeps. Longer texts still match: documents have the last word. */
export const indexedCharactersMax = 128;

/** Candidates that are counted at first to choose between indexes: enough to see which one is narrow. */
export const candidatesCountedMin = 256;

/** Candidates that are counted at most, when all indexes have many; which of two longer lists is shorter matters no more. */
export const candidatesCountedMax = 65_536;

/** How long replaced and deleted rows may stay before our own VACUUM; one per minute does not weigh. */
export const erasedContentStaysMs = 60_000;

/** Connections of the pool that is opened from a connection string: one writes, some read, one clears up. */
export const connectionsMax = 8;

/** How long a connection may take. A database that needs longer is as good as away. */
export const connectMs = 10_000;

/** How long a query may take before its connection counts as lost. Building an index asks page by page. */
export const queryMs = 120_000;

/** How long PostgreSQL keeps the locks of a process that stands still in the middle of a flush. */
export const standstillMs = 15_000;

/** How long told topics wait for others: short for people, long enough for hundreds of commits to share one NOTIFY. */
export const tellPauseMs = 4;

/** One payload of NOTIFY; PostgreSQL takes less than 8,000 bytes. */
export const payloadBytesMax = 7_900;

/** Topics that wait for the next NOTIFY. What is dropped beyond is found by looking from time to time. */
export const topicsWaitingMax = 65_536;

/** Payloads that wait to be sent. When the database cannot follow, further ones are dropped. */
export const notifiesWaitingMax = 1_024;

/** The first pause before the listening connection is opened again; each further one is twice as long. */
export const reconnectMinMs = 50;

/** The longest pause between attempts to listen again: news are late by this much after an outage. */
export const reconnectMaxMs = 5_000;
