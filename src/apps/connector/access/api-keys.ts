// API keys (spec/connector-api.md 3).
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { ClockPort } from "rapport/core";
import type { ApiKeyConfig } from "../config/authentication-shape.ts";
import type { Caller } from "./access.ts";
import type { ApiKeyWay } from "./ways.ts";

/** The keys, and which identities ask for certain ones. */
export interface ApiKeysOptions extends ApiKeyWay {
  readonly accounts: { readonly [name: string]: { readonly apiKeys?: readonly string[] | undefined } };
}

/** Knows the keys of a Connector. */
export interface ApiKeys {
  /** What a request has in the key's header; undefined when it has no such header. */
  keyIn(request: FastifyRequest): string | undefined;
  /** Whose key it is; undefined for one that is unknown, disabled or has expired. */
  callerOf(key: string, identity: string | undefined): Caller | undefined;
}

interface Known {
  readonly name: string;
  readonly entry: ApiKeyConfig;
  readonly hash: Buffer;
}

const everything: readonly string[] = Object.freeze(["**"]);

/** Keeps hashes of the keys under a secret of this process: neither time nor order of comparison tells anything of a key. */
export function createApiKeys({ headerName, keys, accounts }: ApiKeysOptions, clock: Pick<ClockPort, "now">): ApiKeys {
  const pepper = randomBytes(32);
  const hashOf = (key: string) => createHmac("sha256", pepper).update(key).digest();
  const known: readonly Known[] = Object.entries(keys)
    .filter(([, { enabled }]) => enabled)
    .map(([name, entry]) => ({ name, entry, hash: hashOf(entry.key) }));
  const field = headerName.toLowerCase();

  return {
    keyIn: ({ headers }) => {
      const given = headers[field];
      return Array.isArray(given) ? given.join(", ") : given;
    },
    callerOf: (key, identity) => {
      const hash = hashOf(key);
      // All of them, whichever it is.
      const [found] = known.filter((one) => timingSafeEqual(one.hash, hash));
      if (found === undefined || hasExpired(found.entry, clock.now())) return undefined;
      const { scopes = everything, profile } = found.entry;
      const account = accountOf(found, { accounts, identity });
      return {
        name: `API key ${found.name}`,
        scopes,
        ...(profile === undefined ? {} : { profile }),
        ...(account === undefined ? {} : { account }),
      };
    },
  };
}

/** True from the instant on at which a key opens nothing any more. */
export function hasExpired({ expiresAt }: { readonly expiresAt?: string | undefined }, nowMs: number): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= nowMs;
}

/** No identity has this name: a key that opens nothing here. */
const nobody = "";

interface Asked {
  readonly accounts: ApiKeysOptions["accounts"];
  readonly identity: string | undefined;
}

// The identity that the key opens; undefined: whichever the path names.
function accountOf({ name, entry }: Known, { accounts, identity }: Asked): string | undefined {
  if (entry.account !== undefined) return isOpenTo(name, accounts[entry.account]) ? entry.account : nobody;
  const listing = Object.keys(accounts).filter((account) => accounts[account]?.apiKeys?.includes(name));
  if (identity === undefined) return listing.length === 1 ? listing[0] : undefined;
  if (isOpenTo(name, accounts[identity])) return undefined;
  return listing[0] ?? nobody;
}

function isOpenTo(name: string, account: { readonly apiKeys?: readonly string[] | undefined } | undefined): boolean {
  return account?.apiKeys === undefined || account.apiKeys.includes(name);
}
