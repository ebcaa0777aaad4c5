/**
 * The registry of OAuth clients: those in the relay's options, and those in its store. Of two with the same id the one in
 * the options counts. Without `clients` in the options any client may do everything, and the store is not asked.
 *
 * C1. A client never has more identities than its limit says: their number is a counter, decided inside the flush.
 */
import { type Refusal, refuse } from "../errors/refusal.ts";
import type { Json } from "../model/json.ts";
import type { Reads } from "../turn/turn.ts";
import type { Desk, RelayClient } from "./desk.ts";
import { type ClientDocument, clientIdentityCounter, clientKey } from "./documents.ts";
import type { Draft } from "./draft.ts";
import { isSameText, isSecret } from "./secrets.ts";

/** What is known about the client that a body names. */
export interface ClientFacts {
  /** Null for what cannot be the id of a client. */
  readonly id: string | null;
  readonly configured: RelayClient | undefined;
  readonly stored: ClientDocument | undefined;
}

const shape = /^[\w.-]{1,100}$/;

/** True for a text that can be the id of a client, and part of a key. */
export function isClientId(text: unknown): text is string {
  return typeof text === "string" && shape.test(text);
}

/** Looks the client up, so that the commit notices if it was taken away. */
export async function gatherClient(reads: Reads, { clients }: Desk, clientId: Json | undefined): Promise<ClientFacts> {
  const id = isClientId(clientId) ? clientId : null;
  const configured = clients?.find((client) => client.id === clientId);
  if (clients === undefined || configured !== undefined || id === null) return { id, configured, stored: undefined };
  return { id, configured, stored: (await reads.get<ClientDocument>(clientKey(id)))?.document };
}

/** True when the registry knows the client by this secret, or when there is no registry. */
export function isKnownClient(desk: Desk, { configured, stored }: ClientFacts, secret: Json | undefined): boolean {
  if (desk.clients === undefined) return true;
  if (typeof secret !== "string") return false;
  if (configured !== undefined) return isSameText(configured.secret, secret);
  return stored !== undefined && isSecret(desk, stored.secret, secret);
}

/** Counts a new identity of the client. One without a limit is counted as well, since it may get one. */
export function countIdentity(draft: Draft, desk: Desk, { id, configured, stored }: ClientFacts): void {
  if (desk.clients === undefined || id === null) return;
  const most = configured?.maxIdentities ?? stored?.maxIdentities ?? null;
  if (most === null) draft.add(clientIdentityCounter(id), 1);
  else draft.addWithin(clientIdentityCounter(id), 1, { atMost: most, exhausted: reachedLimit });
}

const reachedLimit: Refusal = refuse(
  "error.platform.validation.device.clientReachedIdentitiesLimit",
  "The client may not create more identities.",
).refusal;
