// What a relay needs before anybody can use it, made at the first start and shown once.
import { randomBytes } from "node:crypto";
import type { Relay, RelayOptions } from "rapport/relay";
import { hashOfKey } from "./admin-routes.ts";
import type { Settings } from "./settings.ts";

type Store = RelayOptions["store"];

const keyAt = "relay/operator/key";
const keyBytes = 32;

/** The collection of what belongs to the operator; the relay's core knows nothing of it. */
export const operatorCollection = Object.freeze({ kind: "operator", indexes: [] });

/** The hash of the operator's key, and the key itself if it was made now. */
export interface OperatorKey {
  readonly hash: string;
  readonly made?: string;
}

/** The key that the settings name, else the one of an earlier start, else a new one. */
export async function operatorKeyOf(store: Store, { adminKey }: Pick<Settings, "adminKey">): Promise<OperatorKey> {
  if (adminKey !== undefined) return { hash: hashOfKey(adminKey) };
  const kept = await store.get<{ hash: string }>(keyAt);
  if (kept !== undefined) return { hash: kept.document.hash };
  const made = randomBytes(keyBytes).toString("base64url");
  const hash = hashOfKey(made);
  const { ok } = await store.commit({ puts: [{ key: keyAt, document: { hash }, expect: "absent" }] });
  // Another process of the relay was faster: its key counts.
  return ok ? { hash, made } : operatorKeyOf(store, {});
}

/** A client with its secret. */
export type Client = Settings["client"][number];

const clientIdBytes = 6;
const clientSecretBytes = 24;

/** A client for a relay that has none, so that somebody can create identities; undefined when there are some. */
export async function firstClientOf(relay: Relay, configured: readonly Client[]): Promise<Client | undefined> {
  if (configured.length > 0 || (await relay.admin.clients.list()).length > 0) return undefined;
  const id = `client-${randomBytes(clientIdBytes).toString("hex")}`;
  const secret = randomBytes(clientSecretBytes).toString("base64url");
  await relay.admin.clients.put({ id, secret });
  return { id, secret };
}
