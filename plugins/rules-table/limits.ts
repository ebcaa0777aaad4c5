/** Entries of one table. More of them are data, and belong into a function that looks them up. */
export const entriesMax = 100_000;

/** The file as text. Reading and compiling this much still takes less than a few seconds at the start. */
export const fileCharactersMax = 64 * 1024 * 1024;

/** The name of an entry: it stands in every decision record, so it is a name and no essay. */
export const entryNameCharactersMax = 200;

/** Steps of a path, and how deep a wanted value may nest: no Request that arrives nests deeper, and readers of both recurse. */
export const pathStepsMax = 100;
export const wantedDepthMax = 100;

/** A code and a message of a rejection, as long as a Response may carry them (spec/domain.md 2.7). */
export const rejectionCodeCharactersMax = 200;
export const rejectionMessageCharactersMax = 1_000;

/** Entries that a reason names before it only counts; the record names the entry of every item anyway. */
export const namesInReasonMax = 5;

/** How long a changed file rests before it is read: editors write in several steps. */
export const settleMs = 100;

/** Candidates that are tried one after the other instead of being divided further: a look-up costs as much as some tries. */
export const leafEntriesMax = 4;

/** Divisions of candidates below each other; every one multiplies the places of entries that name several values. */
export const indexDepthMax = 3;

/** Values of one condition by which candidates are divided below the first division, for the same reason. */
export const deeperValuesMax = 8;

/** Any-of lists up to this length are compared one by one, longer ones are looked up. */
export const comparedValuesMax = 6;

/** Requests made up to confirm or refute one finding of a check. */
export const examplesPerFindingMax = 48;

/** Requests made up for one overlap: the first shows it, unless its item is of a type that always goes to a person. */
export const examplesPerOverlapMax = 4;

/** Cases that one entry is split into when it may be covered by several earlier ones together. */
export const casesPerEntryMax = 64;

/** Earlier entries that a check looks at, to find those that cover later ones: some seconds of work; then it stops and says so. */
export const coveringVisitsMax = 20_000_000;

/** Pairs of entries that a check compares for overlaps: some seconds of work; what is beyond stays unchecked and is said. */
export const comparedPairsMax = 2_000_000;

/** Overlaps that a check lists: nobody reads more, and the rest is counted. */
export const overlapsMax = 200;

/** Conditions on one path from which made-up Requests draw what is not wanted: enough to meet the neighbours of an entry. */
export const pooledPerPathMax = 64;

/** Items whose names are kept; Requests with more of them are rare. */
export const namedPlacesMax = 100;
