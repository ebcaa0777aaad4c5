// A scene: where two parties stand when the exploration begins, what they may do, and how often.

import type { Doing, Equipment, Party, Side } from "./party.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a party may do of its own accord. */
export interface Command {
  readonly name: string;
  /** How often, in one way of events, and whatever became of it. */
  readonly most: number;
  /** What it can be done to in this state of the party: ids, or one empty text when it needs none. */
  targets(stored: Snapshot, party: Party): readonly string[];
  run(account: Parameters<Doing["work"]>[0], target: string): Promise<unknown>;
}

/** Prepares a scene, step by step, with everything getting through. */
export interface Stage {
  readonly parties: { readonly [side in Side]: Party };
  take(side: Side, name: string, work: Doing["work"]): Promise<void>;
}

/** A scene. */
export interface Scene {
  readonly name: string;
  /** What it is about, in a few words. */
  readonly about: string;
  readonly equipment?: { readonly [side in Side]?: Equipment };
  /** Takes the parties to where the exploration begins, and says what they may do from there. */
  prepare(stage: Stage): Promise<{ readonly [side in Side]: readonly Command[] }>;
  /** States at most in a deep exploration, where the usual bound would cut off a space that has an end. */
  readonly statesMaxDeep?: number;
  /** The moments of time, in ms after the start; absent: time stands still. */
  readonly moments?: readonly number[];
  /** The processes do not know whether the relay keeps idempotency keys, and look before they repeat a call. */
  readonly knowsNoRelay?: true;
  /** The relay also does what is due. */
  readonly hasDueTimers?: true;
  /** Calls of the other party come in between the calls of a sync. */
  readonly overtakes?: true;
}

/** When every scene begins. */
export const startMs = Date.parse("2030-01-01T00:00:00.000Z");
