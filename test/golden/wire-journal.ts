// What went between the houses and the relay, as lines of JSON.
import type { Answer, Call, Json, JsonObject, Session, TransportPort } from "rapport/core";

/** Something that reached the relay: a call with its answer, or an act of the operator. */
export type WireLine =
  | {
      readonly atMs: number;
      readonly house: string;
      readonly call: Call;
      readonly session?: Session;
      readonly answer: Answer;
    }
  | { readonly atMs: number; readonly operator: string; readonly with: readonly Json[]; readonly gave: Json };

/** A transport that writes down what went through it, in the order in which the calls began. */
export function journalled(
  transport: TransportPort,
  { house, lines, now }: { readonly house: string; readonly lines: WireLine[]; readonly now: () => number },
): TransportPort {
  return {
    baseUrl: transport.baseUrl,
    hostName: transport.hostName,
    call: async (call, session) => {
      const line: { atMs: number; house: string; call: Call; session?: Session; answer: Answer } = {
        atMs: now(),
        house,
        call,
        ...(session === undefined ? {} : { session }),
        answer: noAnswer,
      };
      lines.push(line);
      line.answer = await transport.call(call, session);
      return line.answer;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const noAnswer: Answer = {
  ok: false,
  status: 0,
  error: { code: "none", message: "No answer came." },
  rapport: true,
};

/** Values as lines of JSON; bytes stand as `{ "$bytes": base64 }`. */
export function toLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value, (_name, inner) => written(inner))}\n`).join("");
}

/** What `toLines` wrote. */
export function fromLines<T>(text: string): T[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line, (_name, inner) => read(inner)));
}

function written(value: unknown): unknown {
  return value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString("base64") } : value;
}

function read(value: unknown): unknown {
  const text = typeof value === "object" && value !== null && "$bytes" in value ? value.$bytes : undefined;
  return typeof text === "string" ? new Uint8Array(Buffer.from(text, "base64")) : value;
}

/** JSON without what is drawn by chance: ids, addresses, keys, ciphertexts. Two runs of one story have the same. */
export function unkeyed(value: unknown): string {
  return JSON.stringify(value, (_name, inner) => (inner instanceof Uint8Array ? "<bytes>" : inner))
    .replaceAll(/did:e:\w+:dids:[0-9a-f]{22}/g, "<address>")
    .replaceAll(/[\w+/-]{40,}={0,2}/g, "<bytes>")
    .replaceAll(/\b([A-Z]{3,6})[A-Za-z0-9]{17}\b/g, "$1")
    .replaceAll(/\b[\w-]{22,}\b/g, "<drawn>");
}

/** A copy of plain data that JSON can carry. */
export function plain(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}

/** True for an object of JSON. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
