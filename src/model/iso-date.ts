const datePattern = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** True for an ISO 8601 date, with or without time and zone, that exists in the calendar. */
export function isIsoDate(text: string): boolean {
  const found = datePattern.exec(text);
  if (found === null) return false;
  const [, year, month, day, hour, minute, second] = found;
  if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 59) return false;
  return Number(day) >= 1 && Number(day) <= daysIn(Number(year), Number(month));
}

/** True for an ISO 8601 date with time and zone: one point in time, wherever it is read. */
export function isInstantText(text: string): boolean {
  return /T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) && isIsoDate(text);
}

/** The days of a month, 0 for a month that does not exist. */
export function daysIn(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}
