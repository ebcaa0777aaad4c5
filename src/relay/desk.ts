import type { Blobs } from "../ports/blobs.ts";
import type { Clock } from "../ports/clock.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Entropy } from "../ports/entropy.ts";
import type { Log } from "../ports/log.ts";
import type { Store } from "../ports/store.ts";
import type { AccessTokens } from "./access-tokens.ts";
import type { News } from "./news.ts";
import type { RelaySettings } from "./settings.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** Who may create identities: the registry of OAuth clients. */
export interface RelayClient {
  readonly id: string;
  readonly secret: string;
  /** Absent or null: it may create any number. */
  readonly maxIdentities?: number | null;
}

/** A desk from which somebody can be told that they have news. */
export type NewsDesk = Desk & { readonly news: Pick<News, "tell"> };

/** What every operation of the relay has at hand. */
export interface Desk {
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly crypto: Crypto;
  readonly log: Log | undefined;
  /** Where the bytes of Files are; absent: this relay keeps no Files. */
  readonly blobs: Blobs | undefined;
  readonly settings: RelaySettings;
  readonly hostName: string;
  readonly signingKeys: SigningKeys;
  readonly accessTokens: AccessTokens;
  /** The registry is these and the stored ones; absent: every client may. */
  readonly clients: readonly RelayClient[] | undefined;
}
