/** One call of a webhook, as it is remembered: never its body, its address or a secret. */
export interface WebhookDelivery {
  readonly target: string;
  readonly at: string;
  readonly eventId: string;
  readonly trigger: string;
  readonly account: string;
  readonly attempt: number;
  readonly outcome: "delivered" | "failed";
  /** What the receiver answered; absent when no answer came. */
  readonly status?: number;
  readonly durationMs: number;
  readonly problem?: string;
}

/** The last calls of each target, in memory. */
export interface DeliveryLog {
  add(delivery: WebhookDelivery): void;
  /** The newest first; of one target, or of all. */
  list(target?: string): readonly WebhookDelivery[];
}

/** Makes an empty log that keeps so many calls for each target. */
export function createDeliveryLog(perTargetMax: number): DeliveryLog {
  const byTarget = new Map<string, WebhookDelivery[]>();
  return {
    add: (delivery) => {
      const kept = byTarget.get(delivery.target) ?? [];
      byTarget.set(delivery.target, kept);
      kept.push(delivery);
      if (kept.length > perTargetMax) kept.shift();
    },
    list: (target) =>
      (target === undefined ? [...byTarget.values()].flat() : (byTarget.get(target) ?? [])).toSorted((a, b) =>
        a.at === b.at ? b.attempt - a.attempt : a.at < b.at ? 1 : -1,
      ),
  };
}
