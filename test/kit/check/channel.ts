// What is under way between the parties and the relay: every call that ever left, for it may arrive again at any time, and
// the answers that can still find the intent they belong to.
import type { Answer, Call } from "rapport/core";
import { must } from "./found.ts";
import { createInterning, type Interning } from "./interning.ts";
import type { Side } from "./party.ts";
import type { Sealing } from "./stand-in-crypto.ts";

/** A call that left, and by whom. */
export interface HeldCall {
  readonly side: Side;
  readonly call: Call;
  /** What was encrypted for it. */
  readonly sealings: readonly Sealing[];
}

/** Numbers of calls in ascending order, and pairs of a call and one of its answers. */
export interface Channel {
  readonly calls: readonly number[];
  readonly answers: readonly (readonly [call: number, answer: number])[];
}

/** The channels of one exploration. All methods give numbers of channels and remember what they gave. */
export interface Channels {
  readonly calls: Interning<HeldCall>;
  readonly answers: Interning<Answer>;
  readonly empty: number;
  at(channel: number): Channel;
  withCall(channel: number, call: number): number;
  withAnswer(channel: number, call: number, answer: number): number;
  /** Without the answers of this side whose intents are closed. `open` are the idempotency keys of the open ones. */
  without(channel: number, side: Side, open: ReadonlySet<string>): number;
}

/** No channel is known yet. */
export function createChannels(): Channels {
  const calls = createInterning<HeldCall>();
  const answers = createInterning<Answer>();
  const channels = createInterning<Channel>();
  const number = (channel: Channel) => channels.number(JSON.stringify(channel), () => channel);
  const added = new Map<number, number>();

  const withCall = (channel: number, call: number): number => {
    const { calls: known, answers: open } = channels.at(channel);
    if (known.includes(call)) return channel;
    for (const other of known) checkNonces(calls.at(other), calls.at(call));
    return number({ calls: [...known, call].sort((one, other) => one - other), answers: open });
  };
  return {
    calls,
    answers,
    empty: number({ calls: [], answers: [] }),
    at: channels.at,
    withCall(channel, call) {
      const key = channel * 65_536 + call;
      const known = added.get(key);
      if (known !== undefined) return known;
      const made = withCall(channel, call);
      added.set(key, made);
      return made;
    },
    withAnswer(channel, call, answer) {
      const { calls: known, answers: open } = channels.at(channel);
      if (open.some(([one, other]) => one === call && other === answer)) return channel;
      const more = [...open, [call, answer] as const].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
      return number({ calls: known, answers: more });
    },
    without(channel, side, open) {
      const { calls: known, answers: under } = channels.at(channel);
      if (under.length === 0) return channel;
      const kept = under.filter(([call]) => {
        const held = calls.at(call);
        return held.side !== side || open.has(held.call.idempotencyKey ?? "");
      });
      return kept.length === under.length ? channel : number({ calls: known, answers: kept });
    },
  };
}

// C2. Whatever left may be with others: one key and one nonce, two texts, and both can be read.
function checkNonces(one: HeldCall, other: HeldCall): void {
  for (const { under, tag } of one.sealings) {
    const again = other.sealings.find((sealing) => sealing.under === under);
    must(
      again === undefined || again.tag === tag,
      () =>
        `C2: two texts were encrypted under one key and nonce, in ${one.call.operation} and ${other.call.operation}.`,
    );
  }
}
