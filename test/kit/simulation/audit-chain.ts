// Audit logs of Relationships, as both parties and the relay keep them (design.md 4, R1, R3, R4).

/** One entry, wherever it is kept. */
export type Entry = {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly reason: string;
  readonly oldStatus?: string | null;
  readonly newStatus: string;
};

/** True for a status in which a Relationship of a pair exists (R1). */
export const lives = (status: string): boolean => existing.includes(status);

const existing = ["Pending", "Active", "Terminated", "DeletionProposed"];

/** True for a status that nothing leaves (R3). */
export const isFinal = (status: string): boolean => status === "Rejected" || status === "Revoked";

/** What is wrong with a log, also beside what it was before; undefined when all is well (R4). */
export function chainFlaw(log: readonly Entry[], earlier: readonly Entry[] = []): string | undefined {
  if (earlier.length > log.length) return "has become shorter";
  for (const [at, entry] of log.entries()) {
    const before = log[at - 1];
    if (before === undefined ? (entry.oldStatus ?? null) !== null : entry.oldStatus !== before.newStatus)
      return `is no chain at ${entry.reason}`;
    if (before !== undefined && entry.createdAt <= before.createdAt) return `goes back in time at ${entry.reason}`;
    const was = earlier[at];
    if (was !== undefined && briefOf(was) !== briefOf(entry)) return `has changed at ${entry.reason}`;
  }
  return undefined;
}

/** What both parties and the relay say alike of an entry. */
export function briefOf({ createdAt, createdBy, reason, newStatus }: Entry): string {
  return [createdAt, createdBy, reason, newStatus].join(" ");
}
