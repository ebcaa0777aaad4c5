/**
 * Quotas (spec/backbone-protocol.md 8): what one identity may do within a period.
 *
 * U1. Use is counted inside the flush that commits the effect, by a counter that never passes the limit, so calls at the
 *     same time neither wait for each other nor slip past it.
 * U2. Only what has a limit is counted, and only since it has one.
 * U3. Periods are those of the calendar in UTC; weeks begin on Monday. The counter of a period is swept once that is over.
 */
import { type Refusal, refuse } from "../errors/refusal.ts";
import { instantOf } from "../model/instant.ts";
import type { WireMetricQuotas } from "../wire/shapes.ts";
import { type Handler, work } from "./asked.ts";
import type { Desk } from "./desk.ts";
import { answerOnly, type Draft } from "./draft.ts";
import { usageKey, usagePath } from "./notice-documents.ts";
import { type QuotaMetric, type QuotaPeriod, type QuotaSetting, quotaMetrics, type RelaySettings } from "./settings.ts";

/** Something that an identity does, or takes back if `by` is negative. */
export interface Use {
  readonly address: string;
  readonly metric: QuotaMetric;
  readonly by: number;
  readonly nowMs: number;
}

/**
 * Counts it in the draft against every limit of the metric; over one, the answer is `error.platform.quotaExhausted`.
 * Taking back lowers what is counted for ever (`Total`) alone: what was done within an hour stays done.
 * Whoever takes back calls this once for each time it was counted.
 */
export function countAgainstQuota(
  draft: Draft,
  desk: Pick<Desk, "settings">,
  { address, metric, by, nowMs }: Use,
): void {
  if (by === 0) return;
  for (const { period, max } of quotasOf(desk.settings, metric)) {
    const endsAtMs = endOf(period, nowMs);
    const counter = usageKey(address, { metric, period, endsAtMs });
    if (by > 0) draft.addWithin(counter, by, { atMost: max, exhausted: exhaustedUntil(metric, endsAtMs) });
    else if (period === "Total") draft.add(counter, by);
    draft.sweep(usagePath(address));
  }
}

/** The limits of the caller, and how far it is. */
export const listQuotas: Handler = (asked, desk, caller) =>
  work({
    gather: async (reads) => {
      const listed: WireMetricQuotas[] = [];
      for (const metricKey of quotaMetrics) {
        const quotas = [];
        for (const { max, period } of quotasOf(desk.settings, metricKey)) {
          const counter = usageKey(caller.address, { metric: metricKey, period, endsAtMs: endOf(period, asked.nowMs) });
          const used = (await reads.peek<{ readonly n: number }>(counter))?.document.n ?? 0;
          quotas.push({ source: "Tier" as const, metricKey, max, usage: Math.max(0, used), period });
        }
        if (quotas.length > 0) listed.push({ metricKey, quotas });
      }
      return listed;
    },
    plan: (listed) => answerOnly(listed),
  });

/** One limit per period: the lowest that was set. */
function quotasOf({ quotas }: RelaySettings, metric: QuotaMetric): Iterable<QuotaSetting> {
  const lowest = new Map<QuotaPeriod, QuotaSetting>();
  for (const quota of quotas) {
    if (quota.metric !== metric) continue;
    const other = lowest.get(quota.period);
    if (other === undefined || quota.max < other.max) lowest.set(quota.period, quota);
  }
  return lowest.values();
}

function exhaustedUntil(metricKey: QuotaMetric, endsAtMs: number): Refusal {
  const isExhaustedUntil = instantOf(endsAtMs);
  const data = [{ metricKey, isExhaustedUntil }];
  return refuse("error.platform.quotaExhausted", `The quota ${metricKey} is used up until ${isExhaustedUntil}.`, {
    data,
  }).refusal;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The last instant of the protocol: what never ends, ends then. */
const neverMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
/** 1 January 1970 was a Thursday, so weeks that begin on Monday are three days off. */
const weekOffsetMs = 3 * dayMs;

function endOf(period: QuotaPeriod, nowMs: number): number {
  const now = new Date(nowMs);
  switch (period) {
    case "Hour":
      return nowMs - (nowMs % hourMs) + hourMs;
    case "Day":
      return nowMs - (nowMs % dayMs) + dayMs;
    case "Week":
      return nowMs - ((nowMs + weekOffsetMs) % (7 * dayMs)) + 7 * dayMs;
    case "Month":
      return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
    case "Year":
      return Date.UTC(now.getUTCFullYear() + 1, 0, 1);
    case "Total":
      return neverMs;
  }
}
