import { fault } from "rapport/core";

/** The methods this plugin needs of a connection; amqplib has them. */
export interface AmqpLike {
  createConfirmChannel(): Promise<AmqpChannelLike>;
  on(event: "close" | "error", hear: (problem?: unknown) => void): unknown;
  close(): Promise<void>;
}

/** A channel on which the broker confirms what it has. */
export interface AmqpChannelLike {
  checkExchange(name: string): Promise<unknown>;
  on(event: "close" | "error", hear: (problem?: unknown) => void): unknown;
  publish: AmqpPublish;
}

/** Sends one message; `confirmed` hears of the broker's word. */
// biome-ignore lint/complexity/useMaxParams: the driver's own method.
export type AmqpPublish = (
  exchange: string,
  routingKey: string,
  content: Buffer,
  options: AmqpProperties,
  confirmed: (problem: unknown) => void,
) => boolean;

/** What a message says of itself. */
export interface AmqpProperties {
  readonly messageId: string;
  readonly persistent: true;
  readonly contentType: string;
  readonly timestamp: number;
  readonly type: string;
  readonly correlationId?: string;
  readonly headers: { readonly [name: string]: string };
}

/** Connects with the package amqplib. */
export async function connectInstalledDriver(url: string, timeout: number, load = loadAmqp): Promise<AmqpLike> {
  const { connect } = await load();
  return connect(url, { timeout, keepAlive: true });
}

/** The package as it is installed, or a fault that says how to install it. */
export async function loadAmqp(load = () => import("amqplib")) {
  try {
    return await load();
  } catch (cause) {
    throw fault("plugin.failed", "The AMQP publisher needs the package amqplib: npm install amqplib.", { cause });
  }
}
