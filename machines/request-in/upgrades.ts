// How states that earlier versions stored become states of today. What a release stored stays readable, so nothing here goes.
import type { Upgrade } from "../chart.ts";
import type { IncomingRequestContext } from "./context.ts";

/** Version 1, release 0.1.0: that a rule ignored it was a flag, and the deadline which that gave took the place of the expiry. */
interface FirstContext {
  readonly source: IncomingRequestContext["source"];
  readonly expiresAt: string | null;
  readonly ignored: boolean;
}

/** Every upgrade, by the version that it starts from. */
export const incomingRequestUpgrades = {
  /** Whose expiry it was cannot be told any more; the deadline stays what it was. */
  1: ({ value, context }) => {
    const { source, expiresAt, ignored } = context as FirstContext;
    const upgraded: IncomingRequestContext = { source, expiresAt, ignoredUntil: ignored ? expiresAt : null };
    return { value, context: upgraded };
  },
} as const satisfies { readonly [from: number]: Upgrade };
