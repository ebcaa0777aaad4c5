/** News through a NATS subject. While the connection is down, what is told is dropped instead of being piled up. */
import { createTellings, fault, RapportError, topicsIn, type WakeUpsPort } from "rapport/core";
import { connectInstalledDriver, type NatsLike } from "./driver.ts";
import { payloadBytesMax, tellPauseMs, topicsWaitingMax } from "./limits.ts";

/** Options of news through NATS. */
export interface NatsWakeUpsOptions {
  /** One server or several of a cluster, as `host:port` or `nats://...`. */
  readonly servers: string | readonly string[];
  /** The subject that all processes of a relay share: `rapport.wake-ups`. */
  readonly subject?: string;
  /** Connects; @nats-io/transport-node if nothing is given. */
  readonly connect?: (servers: string | readonly string[]) => Promise<NatsLike>;
}

/** Carries news between all processes that use the same servers and subject. */
export function createNatsWakeUps(options: NatsWakeUpsOptions): WakeUpsPort {
  const { servers, subject = "rapport.wake-ups", connect = connectInstalledDriver } = options;
  let nats: NatsLike | undefined;
  let isConnected = false;

  const tellings = createTellings({
    send: (payload) => {
      if (nats === undefined || !isConnected) return;
      try {
        nats.publish(subject, payload);
      } catch {
        // The connection is being closed: nobody can be told now.
      }
    },
    later: (run) => setTimeout(run, tellPauseMs).unref(),
    payloadBytesMax,
    topicsWaitingMax,
  });
  const follow = async (opened: NatsLike) => {
    for await (const { type } of opened.status()) {
      if (type === "disconnect") isConnected = false;
      if (type === "reconnect") isConnected = true;
    }
  };

  return {
    open: async (hear) => {
      const opened = await connected(connect, servers);
      opened.subscribe(subject, {
        callback: (problem, message) => {
          if (problem === null && nats !== undefined) hear(topicsIn(message.string()));
        },
      });
      // Until the server has heard of the subscription, nothing is delivered.
      await opened.flush();
      nats = opened;
      isConnected = true;
      follow(opened).catch(() => {
        // The end of the statuses is the end of the connection.
      });
    },
    tell: (topics) => {
      if (nats !== undefined) tellings.tell(topics);
    },
    [Symbol.asyncDispose]: async () => {
      tellings.finish();
      const ending = nats;
      nats = undefined;
      if (isConnected) await ending?.flush().catch(() => {});
      isConnected = false;
      await ending?.close();
    },
  };
}

async function connected(connect: NonNullable<NatsWakeUpsOptions["connect"]>, servers: string | readonly string[]) {
  try {
    return await connect(servers);
  } catch (cause) {
    if (cause instanceof RapportError) throw cause;
    throw fault("plugin.failed", "No NATS server can be reached; see the cause.", { cause });
  }
}
