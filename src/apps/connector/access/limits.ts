// Every bound of who may call, with its reason.

/** Sessions of people who are logged in; of more, the oldest has to log in again. One has some 300 bytes. */
export const sessionsMax = 10_000;

/** A day's work; then roles are asked for again. */
export const sessionMs = 8 * 60 * 60 * 1000;

/** From the begin of a login to its end: time to find a second factor, and not much more. */
export const loginMs = 10 * 60 * 1000;

/** Roles of one login: more than the catalogue has, and few enough to compare for each call. */
export const rolesMax = 200;

/** An issuer that needs longer is down, and callers are told so instead of waiting. */
export const issuerMs = 10_000;

/** Metadata and keys of an issuer are asked for again after this time, so that a key that was taken back is forgotten. */
export const issuerCacheMs = 10 * 60 * 1000;

/** Between two looks for a key that is unknown: strangers cannot make us ask the issuer for every token. */
export const issuerCooldownMs = 30_000;

/** Letters of a bearer token: those of real issuers have at most 8,000, and none is parsed beyond this. */
export const tokenCharsMax = 16_000;

/** Letters of a caller's name in the log; of a longer one the rest is a hash, so that two never are the same. */
export const callerNameCharsMax = 100;
