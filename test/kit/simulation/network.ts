// The network between engines and the relay: every call and every answer is bytes, and may be lost, late, doubled or changed.
import { type Answer, type Call, fault, type JsonObject, type Session, type TransportPort } from "rapport/core";
import type { Caller } from "rapport/relay";
import type { Draws } from "./draws.ts";
import type { Ground } from "./ground.ts";
import type { RelayProcess } from "./relay-process.ts";
import { tampered } from "./tampering.ts";
import { openAnswer, readAnswer } from "./wire-answer.ts";
import { encodeCall } from "./wire-request.ts";

/** What happens to one call. */
export const wireFaults = ["lost", "unheard", "unsent", "duplicated", "delayed", "tampered", "silence"] as const;

/** Which call of the next step, counted from 1, and what happens to it. "silence" lasts until the end of the step. */
export interface WireFault {
  readonly kind: (typeof wireFaults)[number];
  readonly at: number;
}

/** The network of a simulation. */
export interface Network {
  /** The way of one engine to the relay. */
  transportFor(name: string): TransportPort;
  /** What happens to calls from this engine from here on. */
  plan(name: string, planned: { readonly fault: WireFault; readonly draws: Draws } | undefined): void;
  /** Nothing of this engine gets through until that step. */
  partition(name: string, untilStep: number): void;
  isCutOff(name: string): boolean;
  /** Calls that are under way and come now: those that are due, or all. */
  deliver(which: "due" | "all"): Promise<void>;
}

interface Late {
  readonly dueStep: number;
  readonly bytes: Uint8Array;
  readonly caller: Caller | undefined;
}

interface Planned {
  readonly fault: WireFault;
  readonly draws: Draws;
  calls: number;
  isSilent: boolean;
}

/** Makes it. */
export function createNetwork(ground: Ground, relay: RelayProcess): Network {
  const plans = new Map<string, Planned>();
  const cutUntil = new Map<string, number>();
  let late: Late[] = [];
  const carry = async (bytes: Uint8Array, admitted?: Caller): Promise<Uint8Array> => {
    ground.plaintext.look(bytes, "a call");
    return relay.handle(bytes, admitted);
  };
  const send = async (name: string, call: Call, token: string | undefined): Promise<Answer> => {
    ground.stir();
    if ((cutUntil.get(name) ?? 0) > ground.step) throw silence({ sent: false });
    const bytes = encodeCall(call, token);
    const planned = plans.get(name);
    if (planned?.isSilent === true) throw silence();
    const kind = planned === undefined ? undefined : strikes(planned);
    if (planned === undefined || kind === undefined) return readAnswer(call.operation, openAnswer(await carry(bytes)));
    if (kind !== "tampered") ground.strike(`network: ${kind}`);
    switch (kind) {
      case "unsent":
        throw silence({ sent: false });
      case "silence":
        planned.isSilent = true;
        throw silence();
      case "lost":
        throw silence();
      case "delayed":
        late.push({
          dueStep: ground.step + planned.draws.between(1, delayStepsMax),
          bytes,
          caller: await relay.admit(bytes),
        });
        throw silence();
      case "unheard":
        await carry(bytes);
        throw silence();
      case "duplicated": {
        const first = await carry(bytes);
        const second = await carry(bytes).catch(() => first);
        return readAnswer(call.operation, openAnswer(planned.draws.once(2) ? first : second));
      }
      case "tampered": {
        const answer = openAnswer(await carry(bytes));
        const changed = tampered(call.operation, answer, planned.draws);
        if (changed !== undefined) ground.strike("network: tampered");
        // What cannot be tampered with waits for the next call.
        else planned.calls -= 1;
        return readAnswer(call.operation, changed ?? answer);
      }
    }
  };
  return {
    transportFor: (name) => transportOver((call, token) => send(name, call, token), ground),
    plan: (name, planned) => {
      if (planned === undefined) plans.delete(name);
      else plans.set(name, { ...planned, calls: 0, isSilent: false });
    },
    partition: (name, untilStep) => cutUntil.set(name, untilStep),
    isCutOff: (name) => (cutUntil.get(name) ?? 0) > ground.step,
    deliver: async (which) => {
      const due = late.filter(({ dueStep }) => which === "all" || dueStep <= ground.step);
      late = late.filter((one) => !due.includes(one));
      for (const { bytes, caller } of due) await carry(bytes, caller).catch(() => undefined);
    },
  };
}

/** How late a call may come: hours, and never as long as the relay remembers idempotency keys. */
const delayStepsMax = 25;

function strikes(planned: Planned): WireFault["kind"] | undefined {
  planned.calls += 1;
  return planned.calls === planned.fault.at ? planned.fault.kind : undefined;
}

function silence(details: JsonObject = {}) {
  return fault("relay.unreachable", "No answer came, as planned.", { details });
}

type Send = (call: Call, token: string | undefined) => Promise<Answer>;

// One login for all calls of a session until its token ends, and one more when the relay does not take it.
function transportOver(send: Send, ground: Ground): TransportPort {
  const logins = new Map<string, { readonly token: string; readonly endsAtMs: number }>();
  const logIn = async ({ username, password }: Session): Promise<{ token: string } | { answer: Answer }> => {
    const known = logins.get(username);
    const nowMs = ground.clock.now();
    if (known !== undefined && known.endsAtMs > nowMs && known.endsAtMs - nowMs <= lifeMsMax) return known;
    const form = { client_id: "simulation", client_secret: "simulation", grant_type: "password", username, password };
    const answer = await send({ operation: "connectToken", body: JSON.stringify(form) }, undefined);
    // Who is not let in gets the 401 that the call would have got.
    if (!answer.ok) return { answer: answer.status >= 500 ? answer : { ...answer, status: 401 } };
    const { access_token: token, expires_in: seconds } = answer.result as { access_token: string; expires_in: number };
    const login = { token, endsAtMs: nowMs + seconds * 1000 };
    logins.set(username, login);
    return login;
  };
  return {
    baseUrl: "http://localhost:4300",
    hostName: "localhost",
    call: async (call, session) => {
      if (session === undefined) return send(call, undefined);
      for (let round = 0; ; round += 1) {
        const login = await logIn(session);
        if ("answer" in login) return login.answer;
        const answer = await send(call, login.token);
        if (answer.ok || answer.status !== 401 || round > 0) return answer;
        logins.delete(session.username);
      }
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const lifeMsMax = 300_000;
