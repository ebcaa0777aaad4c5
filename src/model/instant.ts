/** An instant as text: ISO 8601 UTC with milliseconds. Instants of the years 0000 to 9999 sort like their texts. */
export type Instant = string;

const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let latest = { ms: 0, instant: "1970-01-01T00:00:00.000Z" };

/** The instant that many milliseconds after the epoch. The same millisecond is asked for many times, so one is kept. */
export function instantOf(ms: number): Instant {
  if (ms !== latest.ms) latest = { ms, instant: new Date(ms).toISOString() };
  return latest.instant;
}

/** Milliseconds since the epoch. NaN when the text is not a date. */
export function msOf(instant: Instant): number {
  return Date.parse(instant);
}

/** True for ISO 8601 UTC with milliseconds that names a day and a time that exist. */
export function isInstant(text: unknown): text is Instant {
  if (typeof text !== "string" || !shape.test(text)) return false;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}
