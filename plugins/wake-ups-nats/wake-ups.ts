/** News through a NATS subject. While the connection is down, what is told is dropped instead of being piled up. */
import { createTellings, fault, RapportError, topicsIn, type WakeUpsPort } from "rapport/core";
import { connectInstalledDriver, type NatsLike } from "./driver.ts";
import { closeWaitMs, payloadBytesMax, tellPauseMs, topicsWaitingMax } from "./limits.ts";

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
      await delivered(opened);
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
      if (ending !== undefined && isConnected) await delivered(ending);
      isConnected = false;
      await ending?.close();
    },
  };
}

/** Waits until the server has everything that was sent so far, but not for a server that is gone. */
async function delivered(nats: NatsLike): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeWaitMs);
  });
  // A connection that is gone has nothing left to send.
  await Promise.race([nats.flush().catch(() => {}), patience]);
  clearTimeout(timer);
}

async function connected(connect: NonNullable<NatsWakeUpsOptions["connect"]>, servers: string | readonly string[]) {
  try {
    return await connect(servers);
  } catch (cause) {
    if (cause instanceof RapportError) throw cause;
    throw fault("plugin.failed", "No NATS server can be reached; see the cause.", { cause });
  }
}
