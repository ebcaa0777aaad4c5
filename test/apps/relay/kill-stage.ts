/**
 * Relays that are killed under load, and people who go on as if nothing had happened.
 *
 * K1. Every call that writes has an idempotency key and is repeated under it until somebody answers.
 * K2. What was answered is remembered, and must be there, once, whenever somebody looks.
 */
import type { OperationName } from "rapport/core";
import type { RelayAnswer } from "rapport/relay";
import { type HttpAsk, type HttpParties, type HttpParty, partiesAt } from "./http-parties.ts";
import type { Draw } from "./proof.ts";
import { type RelayPlace, type RelayProcess, startRelayProcess } from "./relay-processes.ts";

/** Processes of which one is killed now and then; an heir is warm before it is needed. */
export interface Mortals {
  readonly parties: HttpParties;
  /** Resolves when somebody listens. */
  alive(): Promise<unknown>;
  /** Kills one and opens its heir. */
  killOne(draw: Draw): Promise<void>;
  end(): Promise<void>;
}

/** Starts so many of them. */
export async function startMortals(place: RelayPlace, count: number): Promise<Mortals> {
  const running: { readonly url: string; readonly process: RelayProcess }[] = [];
  const rise = async (process: RelayProcess) => {
    running.push({ process, url: await process.open() });
  };
  let heir = startRelayProcess(place);
  for (let at = 0; at < count; at += 1) {
    const next = await heir;
    heir = startRelayProcess(place);
    await rise(next);
  }
  let calls = 0;
  let rising: Promise<unknown> = Promise.resolve();
  return {
    parties: partiesAt(() => running[calls++ % running.length]?.url ?? "http://127.0.0.1:1"),
    alive: async () => {
      if (running.length === 0) await rising;
    },
    killOne: async (draw) => {
      const next = await heir;
      heir = startRelayProcess(place);
      const [doomed] = running.splice(draw(running.length), 1);
      const replaced = doomed?.process.kill().then(() => rise(next));
      rising = replaced ?? rising;
      await rising;
    },
    end: async () => {
      await (await heir).kill();
      await Promise.all(running.map(({ process }) => process.end()));
    },
  };
}

/** Calls that are repeated until they are answered, and what they have come to. */
export interface Persistent {
  /** The answer, however often the relay is killed before it comes. */
  call(by: HttpParty, operation: OperationName, ask?: HttpAsk): Promise<RelayAnswer>;
  /** The result; stops the proof on a refusal. */
  // biome-ignore lint/suspicious/noExplicitAny: results have as many shapes as there are operations.
  ok(by: HttpParty, operation: OperationName, ask?: HttpAsk): Promise<any>;
  /** The same under a new idempotency key. */
  // biome-ignore lint/suspicious/noExplicitAny: results have as many shapes as there are operations.
  once(by: HttpParty, operation: OperationName, ask?: HttpAsk): Promise<any>;
  /** Answers so far, and calls that had to be repeated. */
  readonly counts: { answers: number; repeated: number };
  /** Resolves when so many answers have come since. */
  answered(more: number): Promise<void>;
}

/** Tries of one call. Each follows a connection that broke, and connections break only with a process. */
const triesMax = 1_000;

/** Makes calls at relays that are killed. */
export function persistentCalls({ alive }: Pick<Mortals, "alive">): Persistent {
  const counts = { answers: 0, repeated: 0 };
  let keys = 0;
  let awaited = { at: Number.POSITIVE_INFINITY, resolve: () => {} };
  const call: Persistent["call"] = async (by, operation, ask) => {
    for (let tries = 0; tries < triesMax; tries += 1) {
      await alive();
      const answer = await by.call(operation, ask).catch(() => undefined);
      if (answer === undefined) continue;
      counts.answers += 1;
      counts.repeated += tries > 0 ? 1 : 0;
      if (counts.answers >= awaited.at) awaited.resolve();
      return answer;
    }
    throw new Error(`Nobody answers ${operation}.`);
  };
  const ok: Persistent["ok"] = async (by, operation, ask) => {
    const answer = await call(by, operation, ask);
    if (answer.ok) return answer.result;
    throw new Error(`${operation} was refused: ${answer.status} ${answer.error.code} ${answer.error.message}`);
  };
  return {
    counts,
    call,
    ok,
    once: (by, operation, ask) => ok(by, operation, { ...ask, key: `once-${keys++}` }),
    answered: (more) =>
      new Promise((resolve) => {
        awaited = { at: counts.answers + more, resolve };
      }),
  };
}
