// Transports that break one promise each, around the loopback.
import type { TransportPort } from "rapport/core";
import { createLoopbackTransport } from "rapport/plugins/transport-loopback";
import type { TransportSetting } from "rapport/testkit";
import { openRelay } from "../../relay/parties.ts";
import type { Sample } from "./sample.ts";

/** A setting whose transport is as given in some members and honest in the others. */
export const settingOf =
  (wrap: (transport: TransportPort) => Partial<TransportPort>) => async (): Promise<TransportSetting> => {
    const world = await openRelay();
    const transport = createLoopbackTransport(world.relay);
    return {
      transport: { ...transport, ...wrap(transport) },
      newSession: async () => {
        const { caller, address, password } = await world.party();
        return { address, session: { username: caller.username, password } };
      },
      unplug: async () => transport[Symbol.asyncDispose](),
      [Symbol.asyncDispose]: async () => transport[Symbol.asyncDispose](),
    };
  };

/** Each with the sentences that it breaks. */
export const brokenTransports: readonly Sample<ReturnType<typeof settingOf>>[] = [
  {
    name: "a transport that swallows what the relay refuses",
    subject: settingOf((transport) => ({
      call: async (call, session) => {
        const answer = await transport.call(call, session);
        return answer.ok ? answer : { ok: true, status: 200, result: {}, rapport: true };
      },
    })),
    breaks: [
      "business errors come back as values",
      "wrong credentials, or none where some are needed, are 401 as a value",
    ],
  },
  {
    name: "a transport that throws what the relay refuses",
    subject: settingOf((transport) => ({
      call: async (call, session) => {
        const answer = await transport.call(call, session);
        if (!answer.ok) throw new Error(answer.error.message);
        return answer;
      },
    })),
    breaks: [
      "business errors come back as values",
      "wrong credentials, or none where some are needed, are 401 as a value",
    ],
  },
  {
    name: "a transport that forgets the idempotency key",
    subject: settingOf((transport) => ({
      call: ({ idempotencyKey: _key, ...call }, session) => transport.call(call, session),
    })),
    breaks: ["the same call under the same key gives the same result"],
  },
  {
    name: "a transport that takes silence for an answer",
    subject: settingOf((transport) => ({
      call: (call, session) =>
        transport.call(call, session).catch(() => ({
          ok: false,
          status: 503,
          error: { code: "error.platform.unexpected", message: "Nobody answered." },
          rapport: true,
        })),
    })),
    breaks: ["no answer is the fault relay.unreachable"],
  },
];
