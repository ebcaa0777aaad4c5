/** Whatever has a mark is worked on until the mark is gone: E2 of erasing.ts, G2 of telling.ts and Z2 of remains.ts. */
import { isId } from "../model/ids.ts";
import { isAddress } from "../sealed/address.ts";
import type { NewsDesk } from "./desk.ts";
import { type LeftoverDocument, leftoverPath } from "./documents.ts";
import { eraseMore } from "./erasing.ts";
import { eraseMoreOfIdentity } from "./remains.ts";
import { tellMore } from "./telling.ts";

/** Does whatever is left to do, in as many commits as it takes. Several processes may do so at once. */
export async function finishLeftovers(desk: NewsDesk): Promise<void> {
  for await (const { key, document } of desk.store.find<LeftoverDocument>({ under: leftoverPath })) {
    while (await doMore(desk, key, document.id));
  }
}

function doMore(desk: NewsDesk, key: string, id: string): Promise<boolean> {
  if (isId(id, "IDP")) return tellMore(desk, key);
  return isAddress(desk.crypto, id) ? eraseMoreOfIdentity(desk, id) : eraseMore(desk, key);
}
