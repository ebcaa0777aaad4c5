// What a running Connector is made of, for handlers and modules.
import type { Account } from "rapport";
import type { LogPort } from "rapport/core";
import type { WebhookDelivery } from "rapport/plugins/publisher-webhooks";
import type { ConnectorConfig } from "./config/shape.ts";

/** One identity that this process speaks for. */
export interface HostedIdentity {
  readonly name: string;
  /** In front of every route of this identity; "" for the one and only. */
  readonly prefix: string;
  readonly account: Account;
}

/** Counts of answers since the start (spec/connector-api.md 1.2). */
export interface RequestCounts {
  readonly since: string;
  readonly requestCount: number;
  readonly requestCountByStatus: { readonly [status: string]: number };
}

/** Whether what the Connector needs is there. */
export interface HealthReport {
  readonly isHealthy: boolean;
  readonly services: { readonly [name: string]: "healthy" | "unhealthy" };
}

/** The parts. */
export interface ConnectorParts {
  readonly config: ConnectorConfig;
  readonly identities: readonly HostedIdentity[];
  readonly log: LogPort;
  /** What time it is, in ms. */
  now(): number;
  /** The last calls of webhook targets, the newest first; of one target, or of all. */
  webhookDeliveries?(target?: string): readonly WebhookDelivery[];
  counts(): RequestCounts;
  health(): Promise<HealthReport>;
  /** The configuration without its secrets. */
  shownConfig(): unknown;
}
