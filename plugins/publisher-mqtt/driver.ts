import { fault } from "rapport/core";
import { signOfLifeSeconds } from "./limits.ts";

/** The methods this plugin needs of a client; mqtt has them. */
export interface MqttLike {
  /** Resolves when the broker has the message. */
  publishAsync(topic: string, payload: string, options: { readonly qos: 1 }): Promise<unknown>;
  on(event: "close", hear: () => void): unknown;
  on(event: "error", hear: (problem: unknown) => void): unknown;
  endAsync(isForced: boolean): Promise<void>;
}

/** Connects with the package mqtt, once: connecting again is our matter, so that nothing piles up in the client. */
export async function connectInstalledDriver(url: string, timeoutMs: number, load = loadMqtt): Promise<MqttLike> {
  const { connectAsync } = await load();
  const options = { connectTimeout: timeoutMs, reconnectPeriod: 0, keepalive: signOfLifeSeconds, clean: true };
  const client = await connectAsync(url, options, false);
  return {
    publishAsync: (topic, payload, given) => client.publishAsync(topic, payload, given),
    on: (event: "close" | "error", hear: (problem?: unknown) => void) => client.on(event, hear),
    endAsync: (isForced) => client.endAsync(isForced),
  };
}

/** The package as it is installed, or a fault that says how to install it. */
export async function loadMqtt(load = () => import("mqtt")) {
  try {
    return await load();
  } catch (cause) {
    throw fault("plugin.failed", "The MQTT publisher needs the package mqtt: npm install mqtt.", { cause });
  }
}
