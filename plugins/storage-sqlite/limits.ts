/** Parsed documents kept in memory. At a typical 1 kB a document this is some 20 MB of heap; a miss costs 15 µs. */
export const hotDocumentsMax = 8_192;

/** Text behind the hot documents, in UTF-16 code units, so that a few huge documents cannot fill the heap. */
export const hotCharactersMax = 16 * 1024 * 1024;

/** One document as JSON text. SQLite itself stops at 1,000,000,000 bytes, V8 at 536,870,888 code units. */
export const documentCharactersMax = 64 * 1024 * 1024;

/** Commits in one transaction. Beyond this the flush no longer weighs, but the event loop stands still for 30 ms. */
export const commitsPerFlushMax = 1_024;

/** Commits that wait for a flush. More means that the disk cannot follow; a fault is better than a full heap. */
export const commitsWaitingMax = 65_536;

/** Rows of the first page of a find; most finds end here. Each further page is twice as long. */
export const findPageMin = 64;

/** Rows of the longest page of a find: what one pause of the event loop reads, about 10 ms. */
export const findPageMax = 1_024;

/** Text of one page, in UTF-16 code units: pages of large documents get shorter, so that a listing fits whatever it lists. */
export const findPageCharactersMax = 4 * 1024 * 1024;

/** Leading code units of a text that the index keeps. Longer texts still match: documents have the last word. */
export const indexedCharactersMax = 128;

/** Candidates that are counted at first to choose between indexes: enough to see which one is narrow. */
export const candidatesCountedMin = 256;

/** Candidates that are counted at most, when all indexes have many; which of two longer lists is shorter matters no more. */
export const candidatesCountedMax = 65_536;

/** Values of one field whose lists are merged in order. The lists of more values are sorted, which reads all of them. */
export const mergedValuesMax = 16;

/** Statements of listings that are kept prepared. There are some for every combination of indexes that is asked for. */
export const statementsMax = 128;

/** How long erased content may stay in the write-ahead log; a checkpoint per flush would cost nine tenths of the speed. */
export const erasedContentStaysMs = 1_000;

/** Databases up to this size are rebuilt on closing when something was erased: 6 ms per MB, in memory. */
export const rebuiltBytesMax = 256 * 1024 * 1024;
