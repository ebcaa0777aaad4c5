/**
 * How the engine reaches a relay. The operations are the rows of `src/wire/operations.ts`; a transport maps them to calls
 * in the process or over a network and knows nothing else.
 */
import type { Json } from "../model/json.ts";
import type { OperationName } from "../wire/operations.ts";
import type { WirePagination } from "../wire/shapes.ts";

/** One call. `body` is the exact JSON text that is sent, and sent again, under one `idempotencyKey`. */
export interface Call {
  readonly operation: OperationName;
  readonly params?: { readonly [name: string]: string };
  readonly query?: { readonly [name: string]: string | readonly string[] };
  readonly body?: string;
  /** The bytes of a File, for the one operation that uploads some; `body` holds the other parts. */
  readonly bytes?: Uint8Array;
  readonly idempotencyKey?: string;
  /** The version that the caller has (`etag` of an earlier answer); when it is still current the answer is a 304 without result. */
  readonly etag?: string;
  /** Datawallet version that the client supports, for the operations that ask for it; absent means 1. */
  readonly supportedDatawalletVersion?: number;
}

/** Who calls. Absent for anonymous operations. */
export interface Session {
  readonly username: string;
  readonly password: string;
}

/**
 * What the relay answered, any status. `result` is the value of the success envelope; `error` that of the error envelope.
 * `rapport` says that the relay is ours and keeps idempotency keys.
 */
export type Answer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly result: Json;
      /** Present only when a list has more than one page. */
      readonly pagination?: WirePagination;
      /** The bytes of a File, for the one operation that downloads some; `result` is then an empty object. */
      readonly bytes?: Uint8Array;
      readonly etag?: string;
      readonly rapport: boolean;
    }
  | { readonly ok: false; readonly status: number; readonly error: WireError; readonly rapport: boolean };

/** The error envelope of the protocol (spec/backbone-protocol.md 1.1). */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly data?: Json;
}

/**
 * Throws the fault `relay.unreachable` when no answer came; then nobody knows whether the call had its effect, unless the
 * details say `sent: false`: no byte of it left, as when a connection is refused.
 */
export interface Transport extends AsyncDisposable {
  /** Base URL that references carry, without a trailing slash. */
  readonly baseUrl: string;
  /** Host name that addresses carry (spec/backbone-protocol.md 3). */
  readonly hostName: string;
  call(call: Call, session?: Session): Promise<Answer>;
  /** Calls `wake` when the relay has something new for this session, until the returned function is called. */
  onNews?(session: Session, wake: () => void): () => void;
}
