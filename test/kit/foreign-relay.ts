import type { Answer, TransportPort } from "rapport/core";

/** The relay behind the transport as if it were somebody else's: it keeps no idempotency keys and knows no epochs. */
export function foreignRelay(transport: TransportPort): TransportPort {
  return {
    ...transport,
    async call({ idempotencyKey: _dropped, ...call }, session): Promise<Answer> {
      if (call.operation === "raiseEpoch") return unknownRoute;
      return { ...(await transport.call(call, session)), rapport: false };
    },
  };
}

const unknownRoute: Answer = {
  ok: false,
  status: 404,
  error: { code: "error.transport.request.notFound", message: "There is nothing here." },
  rapport: false,
};
