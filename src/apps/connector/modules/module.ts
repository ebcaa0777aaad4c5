// What a module of the Connector is (spec/connector-api.md 4.3).
import type { ClockPort, LogPort, Plugin } from "rapport/core";
import type { WebhookDelivery } from "rapport/plugins/publisher-webhooks";
import type { ConnectorConfig } from "../config/shape.ts";
import type { ConnectorParts } from "../parts.ts";

/** What modules are made with, before the engine is open. */
export interface ModuleGround {
  readonly config: ConnectorConfig;
  readonly log: LogPort;
  readonly clock: ClockPort;
}

/** One module, made from its settings. Making it does no I/O; wrong settings throw. */
export interface ConnectorModule {
  readonly name: string;
  /** What it adds to the engine: publishers, rules. */
  readonly plugins?: readonly Plugin[];
  /** Starts its work on every identity; throwing fails the start of the Connector. */
  start?(connector: ConnectorParts): Promise<void>;
  /** Ends it; what it has begun is finished. */
  stop?(): Promise<void>;
  /** The last calls that it made, if it is one that calls others. */
  deliveries?(target?: string): readonly WebhookDelivery[];
}

/** Makes a module. A module of the user's own is a file that exports this as `createModule`. */
export type CreateModule = (settings: unknown, ground: ModuleGround) => ConnectorModule | Promise<ConnectorModule>;
