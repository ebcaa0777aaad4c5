import { gracePeriodDaysDefault, messageRecipientsMax } from "../limits.ts";

/** What an operator may set. */
export interface RelaySettings {
  /** Days between the start of a deletion process and the end of the identity; fractions are allowed. */
  readonly gracePeriodDays: number;
  /** Recipients of one Message. */
  readonly messageRecipientsMax: number;
  /** What one identity may do in a period, by metric (spec/backbone-protocol.md 8); a metric that is not named has no limit. */
  readonly quotas: readonly QuotaSetting[];
}

/** One limit. Storage is in bytes. */
export interface QuotaSetting {
  readonly metric: QuotaMetric;
  readonly max: number;
  readonly period: QuotaPeriod;
}

export const quotaMetrics = [
  "NumberOfSentMessages",
  "NumberOfRelationships",
  "NumberOfRelationshipTemplates",
  "NumberOfFiles",
  "NumberOfTokens",
  "UsedFileStorageSpace",
  "NumberOfStartedDeletionProcesses",
  "NumberOfCreatedDatawalletModifications",
  "NumberOfCreatedDevices",
  "NumberOfCreatedChallenges",
] as const;
export type QuotaMetric = (typeof quotaMetrics)[number];

export const quotaPeriods = ["Hour", "Day", "Week", "Month", "Year", "Total"] as const;
export type QuotaPeriod = (typeof quotaPeriods)[number];

/** What holds when the operator sets nothing. */
export const defaultSettings: RelaySettings = Object.freeze({
  gracePeriodDays: gracePeriodDaysDefault,
  messageRecipientsMax,
  quotas: [],
});
