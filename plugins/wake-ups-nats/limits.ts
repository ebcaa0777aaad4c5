/** How long told topics wait for others: short for people, long enough for hundreds of commits to share one message. */
export const tellPauseMs = 4;

/** One message. NATS takes 1 MiB by default; what is heard at once should not hold up the event loop. */
export const payloadBytesMax = 64 * 1024;

/** Topics that wait for the next message. What is dropped beyond is found by looking from time to time. */
export const topicsWaitingMax = 65_536;

/** How long the first connection may take. A server that needs longer is as good as away. */
export const connectMs = 10_000;

/** The pause between attempts to connect again; the client spreads them a little, so that not all come at once. */
export const reconnectPauseMs = 500;

/** How long opening and closing wait for the server to confirm what was sent. A lost message is no harm. */
export const closeWaitMs = 1_000;

/** Between two signs of life. A connection that died unnoticed is replaced after three of them. */
export const signOfLifeMs = 10_000;
