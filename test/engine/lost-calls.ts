// Ways to a relay that lose calls, and what there is to do afterwards.
import type { Call, TransportPort } from "rapport/core";
import { foreignRelay, type Person, type PersonOptions, unreliable } from "rapport/testkit";
import { expect } from "vitest";

/** What gets lost. */
export interface Outage {
  readonly operation: string;
  readonly when: "before" | "after";
  /** "first" is one call of the operation; "all" is that one and whatever comes after it. */
  readonly howMany: "first" | "all";
}

/** A way to a relay, somebody else's unless told otherwise, that loses calls until it is healed. */
export function shaky(relay: (transport: TransportPort) => TransportPort = foreignRelay) {
  let outage: Outage | undefined;
  let isDown = false;
  const fate = ({ operation }: Call) => {
    if (isDown) return "before";
    if (outage === undefined || operation !== outage.operation) return undefined;
    const { when, howMany } = outage;
    outage = undefined;
    isDown = howMany === "all";
    return when;
  };
  const options: PersonOptions = { transport: (transport) => unreliable(relay(transport), fate) };
  const lose = (operation: string, when: Outage["when"], howMany: Outage["howMany"]) => {
    outage = { operation, when, howMany };
  };
  const heal = () => {
    outage = undefined;
    isDown = false;
  };
  return { options, lose, heal };
}

/** Every way to lose a call, and every way to finish what it began. */
export const losses = (["before", "after"] as const).flatMap((when) =>
  (["first", "all"] as const).flatMap((howMany) => (["sync", "restart"] as const).map((by) => ({ when, howMany, by }))),
);

/** Finishes what is open. */
export async function finish(person: Person, by: "sync" | "restart"): Promise<void> {
  if (by === "sync") await person.account.sync();
  else await person.restart();
  expect(await person.account.intents.list()).toEqual([]);
}
