// What went between the houses and the relay, as lines of JSON.
import type { Answer, Call, Json, Session, TransportPort } from "rapport/core";

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
  return values.map((value) => `${JSON.stringify(withoutBytes(value))}\n`).join("");
}

/** What `toLines` wrote. */
export function fromLines<T>(text: string): T[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line, (_name, inner) => read(inner)));
}

function withoutBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(withoutBytes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutBytes(inner)]));
}

function read(value: unknown): unknown {
  const text = typeof value === "object" && value !== null && "$bytes" in value ? value.$bytes : undefined;
  return typeof text === "string" ? new Uint8Array(Buffer.from(text, "base64")) : value;
}

/** JSON without what is drawn by chance: ids, addresses, keys, ciphertexts. Two runs of one story have the same. */
export function unkeyed(value: unknown): string {
  return JSON.stringify(withoutBytes(value))
    .replaceAll(/\{"\$bytes":"[^"]*"\}/g, '"<bytes>"')
    .replaceAll(/did:e:\w+:dids:[0-9a-f]{22}/g, "<address>")
    .replaceAll(/[\w+/-]{40,}={0,2}/g, "<bytes>")
    .replaceAll(/\b([A-Z]{3,6})[A-Za-z0-9]{17}\b/g, "$1")
    .replaceAll(/\b[\w-]{22,}\b/g, "<drawn>");
}

/** A copy of plain data that JSON can carry. */
export function plain(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}

/**
 * The relay of a later release may draw other ids: what it answered takes the place of what was answered before, in
 * everything that is sent after that.
 */
export function drawnAgain() {
  const newByOld = new Map<string, string>();
  const learn = (before: unknown, now: unknown): void => {
    if (typeof before === "string" && typeof now === "string") {
      if (before !== now && /^[\w-]{15,}$/.test(before)) newByOld.set(before, now);
    } else if (typeof before === "object" && before !== null && typeof now === "object" && now !== null) {
      for (const member of Object.keys(before)) learn(Reflect.get(before, member), Reflect.get(now, member));
    }
  };
  const put = <T>(value: T): T => {
    if (newByOld.size === 0) return value;
    let text = toLines([value]);
    for (const [before, now] of newByOld) text = text.replaceAll(before, now);
    return fromLines<T>(text)[0] ?? value;
  };
  return { learn, put };
}
