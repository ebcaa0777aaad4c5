/** Commits in one replacement of the file. The file costs the same for one commit and for all of them. */
export const commitsPerFlushMax = 4_096;

/** Commits that wait for a replacement. More means that the data has outgrown this store. */
export const commitsWaitingMax = 65_536;

/** The file as JSON text. Each flush writes all of it, which takes a second at this size; larger data wants SQLite. */
export const fileCharactersMax = 64 * 1024 * 1024;

/** Tries to get a lock that other processes take and give back at the same moment. */
export const lockTriesMax = 3;
