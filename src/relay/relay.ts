import { Bug } from "../errors/bug.ts";
import type { Outcome } from "../errors/refusal.ts";
import type { Blobs } from "../ports/blobs.ts";
import type { Clock } from "../ports/clock.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Entropy } from "../ports/entropy.ts";
import type { Log } from "../ports/log.ts";
import type { Collection, Store } from "../ports/store.ts";
import type { Call } from "../ports/transport.ts";
import type { WakeUps } from "../ports/wake-ups.ts";
import { upgradeCollections } from "../turn/schema.ts";
import { authenticate } from "./access.ts";
import { createAccessTokens } from "./access-tokens.ts";
import { createAdmin, type RelayAdmin } from "./admin.ts";
import type { Caller } from "./caller.ts";
import { carryOut } from "./carry-out.ts";
import type { Desk, RelayClient } from "./desk.ts";
import { collections } from "./documents.ts";
import { createNews, type NewsItem } from "./news.ts";
import { errorOf, type RelayAnswer } from "./reply.ts";
import { relaySchemas } from "./schemas.ts";
import { defaultSettings, type RelaySettings } from "./settings.ts";
import { createSigningKeys } from "./signing-keys.ts";
import { createSweeper } from "./sweeper.ts";

/** What a relay is made of. */
export interface RelayOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly crypto: Crypto;
  readonly log?: Log;
  /** Where the bytes of Files are kept; without it this relay keeps no Files. */
  readonly blobs?: Blobs;
  /** Carries news between the processes of this relay; not needed by one alone. */
  readonly wakeUps?: WakeUps;
  readonly settings?: Partial<RelaySettings>;
  /** The host name in addresses; default `localhost`. */
  readonly hostName?: string;
  /** What references carry; default `http://<hostName>:4300`. */
  readonly baseUrl?: string;
  /** The clients that may create identities and log in, beside those that `admin` adds; default: any. */
  readonly clients?: readonly RelayClient[];
  /**
   * True when somebody else opens and closes the store (with `collections`), the blobs and the crypto, and asks the store
   * for its key (`sealKey`) before the first document is in it, as an engine does; default false.
   */
  readonly shared?: boolean;
}

/** The referee between parties: stores and forwards envelopes, and decides who was first. It sees no content. */
export interface Relay extends AsyncDisposable {
  readonly hostName: string;
  readonly baseUrl: string;
  /** What a shared store must be opened with. */
  readonly collections: readonly Collection[];
  open(): Promise<void>;
  /** Checks device credentials, for transports that keep their own session. Wrong ones lock the device for a while. */
  authenticate(username: string, password: string): Promise<Outcome<Caller>>;
  /** Who an access token of `connectToken` belongs to. */
  callerOf(accessToken: string): Promise<Outcome<Caller>>;
  /** Carries out one operation. Refusals and faults come back as answers; nothing is half written. */
  call(call: Call, caller?: Caller): Promise<RelayAnswer>;
  /** Calls `wake` after every commit that made news for this address, until the returned function is called. */
  onNews(address: string, wake: (item: NewsItem) => void): () => void;
  /** What the operator does beside the protocol. */
  readonly admin: RelayAdmin;
}

/** Makes a relay; nothing happens before `open`. */
export function createRelay(options: RelayOptions): Relay {
  const { store, crypto, log, blobs, wakeUps, hostName = "localhost", shared = false } = options;
  const base = deskOf(options, hostName);
  const threw = (error: unknown) => log?.write("error", "A listener for news threw.", { reason: reasonOf(error) });
  const news = createNews(threw, wakeUps);
  const sweeper = createSweeper({ ...base, news }, (error) =>
    log?.write("error", "Erasing failed. It is tried again later.", { reason: reasonOf(error) }),
  );
  const desk = { ...base, news, sweeper };
  return Object.freeze({
    hostName,
    baseUrl: options.baseUrl ?? `http://${hostName}:4300`,
    collections,
    open: async () => {
      await news.open();
      if (shared) return;
      await store.open(collections);
      await upgradeCollections(store, relaySchemas);
      await blobs?.open();
      await crypto.open();
      await base.signingKeys.open();
      await sweeper.eraseLeft();
    },
    authenticate: (username: string, password: string) => authenticate(desk, username, password),
    callerOf: desk.accessTokens.callerOf,
    call: async (call: Call, caller?: Caller) => {
      try {
        return await carryOut(desk, call, caller);
      } catch (error) {
        if (error instanceof Bug) throw error;
        log?.write("error", "A call failed.", { operation: call.operation, reason: reasonOf(error) });
        return errorOf({ code: "error.platform.unexpected", message: "The relay failed. Repeat the call later." });
      }
    },
    onNews: news.on,
    admin: createAdmin(desk),
    [Symbol.asyncDispose]: async () => {
      await wakeUps?.[Symbol.asyncDispose]();
      if (shared) return;
      await store[Symbol.asyncDispose]();
      await blobs?.[Symbol.asyncDispose]();
    },
  });
}

function deskOf(options: RelayOptions, hostName: string): Desk {
  const { store, clock, entropy, crypto, log, blobs, clients } = options;
  const settings: RelaySettings = { ...defaultSettings, ...options.settings };
  const signingKeys = createSigningKeys({ store, clock, entropy, crypto });
  const accessTokens = createAccessTokens({ clock, entropy, crypto, signingKeys });
  return { store, clock, entropy, crypto, log, blobs, settings, hostName, signingKeys, accessTokens, clients };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
