// What must hold of every single commit of the relay (design.md 4, R1, R3, R4).
import { chainFlaw, type Entry, isFinal, lives } from "./audit-chain.ts";
import type { Ground } from "./ground.ts";
import type { ChangeEar, Holdings } from "./holdings.ts";

/** A Relationship as the relay keeps it. */
export type RelayRelationship = {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly auditLog: readonly Entry[];
  readonly decomposedBy: readonly string[];
};

/** Hears of every change, and of every start on what the disk has kept. */
export interface RelayLaws {
  readonly changed: ChangeEar;
  opened(holdings: Holdings): void;
}

/** Makes the laws of one relay. */
export function createRelayLaws({ findings }: Ground): RelayLaws {
  const existingByPair = new Map<string, string>();
  const pairOf = ({ from, to }: RelayRelationship) => [from, to].sort().join(" ");
  const opened: RelayLaws["opened"] = (holdings) => {
    // What was torn off the end of the journal has never been.
    existingByPair.clear();
    for (const one of holdings.all<RelayRelationship>("relationship")) {
      if (lives(one.auditLog.at(-1)?.newStatus ?? "")) existingByPair.set(pairOf(one), one.id);
    }
  };
  const changed: ChangeEar = ({ kind, id, before, after }) => {
    if (kind !== "relationship") return;
    const [was, is] = [before, after] as [RelayRelationship | undefined, RelayRelationship | undefined];
    if (is === undefined) return;
    const flaw = chainFlaw(is.auditLog, was?.auditLog);
    if (flaw !== undefined) findings.push(`R4: the relay's log of ${id} ${flaw}.`);
    const [status, statusBefore] = [is, was].map((one) => one?.auditLog.at(-1)?.newStatus ?? "");
    if (isFinal(statusBefore ?? "") && status !== statusBefore)
      findings.push(`R3: ${id} left ${statusBefore} at the relay.`);
    const pair = pairOf(is);
    const other = existingByPair.get(pair);
    if (!lives(status ?? "")) {
      if (other === id) existingByPair.delete(pair);
      return;
    }
    if (other !== undefined && other !== id) findings.push(`R1: ${id} and ${other} of one pair exist at the relay.`);
    existingByPair.set(pair, id);
  };
  return { changed, opened };
}
