/** How long closing waits for running requests before their connections are cut. */
export const closingWaitMs = 10_000;

/** How often closing looks for connections that have become idle: unnoticed by people, and cheap. */
export const closingSweepMs = 50;

/** How long somebody who was told that it sends no HTTP, or too slowly, may take to read that. */
export const brokenWaitMs = 1_000;
