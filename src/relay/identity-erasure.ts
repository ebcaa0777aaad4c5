/** The end of an identity: one commit ends it, and those of remains.ts erase what is left of it. */
import { isAddress } from "../sealed/address.ts";
import type { NewsDesk } from "./desk.ts";
import { type IdentityDocument, identityKey, leftoverKey } from "./documents.ts";
import { finishLeftovers } from "./leftovers.ts";
import { takeOwnTurn } from "./own-turn.ts";

/** Erases an identity at once, whatever its status. False when there is none. */
export async function eraseIdentity(desk: NewsDesk, address: string): Promise<boolean> {
  if (!isAddress(desk.crypto, address)) return false;
  if (!(await endIdentity(desk, address, () => true))) return false;
  await finishLeftovers(desk);
  return true;
}

/** Ends an identity that may end; false when there is none or it may not. From this commit on none of its devices may call. */
export function endIdentity(
  desk: NewsDesk,
  address: string,
  mayEnd: (identity: IdentityDocument) => boolean,
): Promise<boolean> {
  const nowMs = desk.clock.now();
  return takeOwnTurn(desk, async (reads) => {
    const identity = (await reads.get<IdentityDocument>(identityKey(address)))?.document;
    if (identity === undefined || !mayEnd(identity)) return undefined;
    if (identity.status === "Deleting") return () => true;
    const { deletionProcessId, ...rest } = identity;
    return (draft) => {
      const endsAtMs = Math.min(identity.endsAtMs ?? nowMs, nowMs);
      draft.put(identityKey(address), { ...rest, status: "Deleting", endsAtMs });
      draft.leave({ id: address });
      draft.tellEnd(address);
      // Who was not told that it is about to end hears that it did.
      if (deletionProcessId !== undefined) draft.delete(leftoverKey(deletionProcessId));
      return true;
    };
  });
}
