// A client of the Connector, derived from the contract: one method for each operation, typed by its shapes. It needs fetch only.
import type { z } from "zod";
import { contract, type OperationName } from "./contract.ts";
import { mountPaths, type Operation } from "./operation.ts";
import type { ProfileName } from "./profiles/profile.ts";

/** Where the Connector is, and as whom it is called. */
export interface ClientOptions {
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** The header of the key; `X-API-KEY` unless told otherwise. */
  readonly apiKeyHeader?: string;
  /** Shapes of the answers; the Connector's own choice unless told otherwise. The types are those of `union`. */
  readonly profile?: ProfileName;
}

/** A method for every operation of the contract. */
export type Client = { readonly [Name in OperationName]: Method<(typeof contract)[Name]> };

type Method<O> =
  Record<string, never> extends Needed<O>
    ? (input?: Input<O>) => Promise<ResultOf<O>>
    : (input: Input<O>) => Promise<ResultOf<O>>;

type Input<O> = Needed<O> & {
  /** The same key with the same call gives the same result, and does nothing again. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
} & (O extends { readonly filter: { readonly fields: readonly (infer Field extends string)[] } }
    ? {
        readonly filter?: { readonly [Name in Field]?: string | readonly string[] };
        readonly page?: { readonly limit?: number; readonly after?: string };
      }
    : unknown);

type Needed<O> = (O extends { readonly path: infer Path extends string } ? Params<Path> : unknown) &
  (O extends { readonly query: infer Q extends z.ZodType } ? Asked<z.input<Q>> : unknown) &
  (O extends { readonly body: infer B extends z.ZodType } ? { readonly body: z.input<B> } : unknown) &
  (O extends { readonly form: infer F extends z.ZodType }
    ? { readonly body: z.input<F>; readonly file: Blob; readonly filename?: string }
    : unknown);

type Params<Path extends string> = [Names<Path>] extends [never]
  ? unknown
  : { readonly params: { readonly [Name in Names<Path>]: string } };

type Names<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Names<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type Asked<Q> = Record<string, never> extends Q ? { readonly query?: Q } : { readonly query: Q };

type ResultOf<O> = O extends { readonly result: infer R extends z.ZodType }
  ? z.output<R>
  : O extends { readonly produces: readonly ["bytes"] }
    ? Uint8Array
    : undefined;

/** A failure that the Connector has answered. Test `code`, never `message`. */
export class ConnectorError extends Error {
  override readonly name = "ConnectorError";
  readonly status: number;
  readonly code: string;
  /** Also in the Connector's log. */
  readonly id: string;

  constructor(status: number, { code, message, id }: { code: string; message: string; id: string }) {
    super(message);
    this.status = status;
    this.code = code;
    this.id = id;
  }
}

/** Makes a client; nothing is sent before a method is called. */
export function createClient(options: ClientOptions): Client {
  const rows = Object.entries<Operation>(contract);
  const methods = rows.map(([name, operation]) => [name, (input: LooseInput = {}) => call(options, operation, input)]);
  // The types above say what each method takes and gives.
  return Object.freeze(Object.fromEntries(methods)) as Client;
}

interface LooseInput {
  readonly params?: { readonly [name: string]: string };
  readonly query?: { readonly [name: string]: unknown };
  readonly filter?: { readonly [name: string]: string | readonly string[] };
  readonly page?: { readonly [name: string]: string | number };
  readonly body?: unknown;
  readonly file?: Blob;
  readonly filename?: string;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

async function call(options: ClientOptions, operation: Operation, input: LooseInput): Promise<unknown> {
  const answer = await fetch(urlOf(options, operation, input), {
    method: operation.method,
    headers: headersOf(options, operation, input),
    ...bodyOf(operation, input),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  });
  if (!answer.ok && !(operation.isPlain && answer.status === 500)) throw await errorOf(answer);
  if (answer.status === 204) return undefined;
  if (operation.produces?.[0] === "bytes") return new Uint8Array(await answer.arrayBuffer());
  const body = JSON.parse(await answer.text());
  return operation.isPlain ? body : body.result;
}

function urlOf({ baseUrl, profile }: ClientOptions, { mounts, path }: Operation, input: LooseInput): string {
  const usual = mounts.includes("v2") ? "v2" : (mounts[0] ?? "v2");
  const mount = profile === "gen3" && mounts.includes("core") ? "core" : usual;
  const front = profile === undefined ? "" : `/gen/${profile}`;
  const filled = path.replace(/:(\w+)/g, (_whole, name) => encodeURIComponent(input.params?.[name] ?? ""));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...input.filter, ...input.query, ...input.page })) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) query.append(name, String(one));
  }
  const asked = query.size === 0 ? "" : `?${query}`;
  return `${baseUrl.replace(/\/+$/, "")}${front}${mountPaths[mount]}${filled}${asked}`;
}

function headersOf(options: ClientOptions, { body }: Operation, input: LooseInput): Record<string, string> {
  const { apiKey, apiKeyHeader = "X-API-KEY" } = options;
  return {
    accept: "application/json",
    ...(apiKey === undefined ? {} : { [apiKeyHeader]: apiKey }),
    ...(input.idempotencyKey === undefined ? {} : { "idempotency-key": input.idempotencyKey }),
    ...(body === undefined || input.body === undefined ? {} : { "content-type": "application/json" }),
  };
}

function bodyOf({ body, form }: Operation, input: LooseInput): { readonly body?: string | FormData } {
  if (form === undefined)
    return body === undefined || input.body === undefined ? {} : { body: JSON.stringify(input.body) };
  const data = new FormData();
  for (const [name, value] of Object.entries(input.body ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) data.append(name, String(one));
  }
  if (input.file !== undefined) data.append("file", input.file, input.filename ?? "file");
  return { body: data };
}

async function errorOf(answer: Response): Promise<ConnectorError> {
  const text = await answer.text();
  try {
    return new ConnectorError(answer.status, JSON.parse(text).error);
  } catch {
    const message = "The answer is no error of a Connector. Is there one at this address?";
    return new ConnectorError(answer.status, { code: "error.connector.unexpected", message, id: "" });
  }
}
