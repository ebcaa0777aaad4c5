/** What the operator of a relay does beside the protocol. Whoever calls this has checked that it is the operator. */
import { fault } from "../errors/rapport-error.ts";
import { unwrap } from "../errors/refusal.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import type { Document } from "../ports/store.ts";
import { takeTurn } from "../turn/turn.ts";
import type { WirePublicTemplateReference } from "../wire/shapes.ts";
import { clientIdIn, clientIn, notificationCodesIn, referencesIn, tagsIn } from "./admin-input.ts";
import { createAnnouncements } from "./announcements.ts";
import { isClientId } from "./clients.ts";
import type { Desk, NewsDesk } from "./desk.ts";
import { type ClientDocument, clientKey, clientPath } from "./documents.ts";
import { runDueTimers } from "./due.ts";
import { eraseIdentity } from "./identity-erasure.ts";
import {
  type NotificationCodesDocument,
  notificationCodesKey,
  type ReferencesDocument,
  referencesKey,
  type TagsDocument,
  tagsKey,
} from "./notice-documents.ts";
import { noTags, tagsDocument } from "./notices.ts";
import { hashSecret } from "./secrets.ts";

/** An announcement as the operator writes it: texts by language, `en` at least. Without `recipients` it is for everybody. */
export type NewAnnouncement = {
  readonly severity: "Low" | "Medium" | "High";
  readonly texts: ByLanguage<{ readonly title: string; readonly body: string }>;
  readonly expiresAt?: string | null;
  readonly iqlQuery?: string | null;
  readonly recipients?: readonly string[];
  readonly actions?: readonly {
    readonly link: string;
    readonly displayNames: ByLanguage<string>;
  }[];
};

/** Something in several languages, English at least. */
export type ByLanguage<T> = { readonly [language: string]: T } & { readonly en: T };

/** An announcement as it is kept. */
export type Announcement = NewAnnouncement & { readonly id: string; readonly createdAt: string };

/** A client of the registry; its secret is kept as a hash and never shown. */
export type RegisteredClient = {
  readonly id: string;
  readonly createdAt: string;
  readonly maxIdentities: number | null;
};

/** What a run of the due timers did, by kind. */
export type DueTimers = {
  readonly templatesErased: number;
  readonly tokensErased: number;
  readonly filesErased: number;
  readonly relationshipsErased: number;
  readonly identitiesErased: number;
};

/**
 * Throws `input.invalid` for input without the right shape, and `limit.reached` when there would be too many. All of it is
 * in the store, so every process of the relay sees it.
 */
export interface RelayAdmin {
  /** Without `clients` in the relay's options any client may, and these are not asked. */
  readonly clients: {
    /** Adds a client, or gives an existing one a new secret. A limit that is left out stays as it is; null is none. */
    put(client: {
      readonly id: string;
      readonly secret: string;
      readonly maxIdentities?: number | null;
    }): Promise<void>;
    list(): Promise<readonly RegisteredClient[]>;
    /** False when there is none. Its identities stay. */
    delete(id: string): Promise<boolean>;
  };
  readonly announcements: {
    create(announcement: NewAnnouncement): Promise<Announcement>;
    /** Oldest first, with those that are over until a new one takes their place. */
    list(): Promise<readonly Announcement[]>;
    delete(id: string): Promise<boolean>;
  };
  /** The collection that `GET Tags` answers (spec/backbone-protocol.md 5.5). */
  readonly tags: { get(): Promise<JsonObject>; set(collection: JsonObject): Promise<void> };
  readonly notificationCodes: { get(): Promise<readonly string[]>; set(codes: readonly string[]): Promise<void> };
  /** What `PublicRelationshipTemplateReferences` answers to identities of a client. */
  readonly publicTemplateReferences: {
    get(clientId: string): Promise<readonly WirePublicTemplateReference[]>;
    set(clientId: string, references: readonly WirePublicTemplateReference[]): Promise<void>;
  };
  /** Erases what is due by now: nobody has to wait for the next regular run. */
  runDueTimers(): Promise<DueTimers>;
  /** Erases an identity at once, whatever its status. False when there is none. */
  eraseIdentity(address: string): Promise<boolean>;
}

/** The operator's side of a relay. */
export function createAdmin(desk: NewsDesk): RelayAdmin {
  const read = async <D extends Document>(key: string) => (await desk.store.get<D>(key))?.document;
  return Object.freeze<RelayAdmin>({
    clients: createClients(desk),
    announcements: createAnnouncements(desk),
    tags: {
      get: async () => {
        const kept = await read<TagsDocument>(tagsKey);
        return kept === undefined ? noTags : (JSON.parse(kept.text) as JsonObject);
      },
      set: async (collection) => write(desk, tagsKey, tagsDocument(desk, tagsIn(collection))),
    },
    notificationCodes: {
      get: async () => (await read<NotificationCodesDocument>(notificationCodesKey))?.codes ?? [],
      set: async (codes) => write(desk, notificationCodesKey, { codes: notificationCodesIn(codes) }),
    },
    publicTemplateReferences: {
      get: async (clientId) =>
        isClientId(clientId) ? ((await read<ReferencesDocument>(referencesKey(clientId)))?.references ?? []) : [],
      set: async (clientId, references) =>
        write(desk, referencesKey(clientIdIn(clientId, "clientId")), { references: referencesIn(references) }),
    },
    runDueTimers: () => runDueTimers(desk),
    eraseIdentity: (address) => eraseIdentity(desk, address),
  });
}

function createClients(desk: Desk): RelayAdmin["clients"] {
  return {
    put: async (given) => {
      const { id, secret, maxIdentities } = clientIn(given);
      if (desk.clients?.some((client) => client.id === id)) {
        throw fault("input.invalid", "id must not be that of a client in the relay's options, which goes first.");
      }
      const now = instantOf(desk.clock.now());
      const hashed = hashSecret(desk, secret);
      const taken = await takeTurn(desk, {
        gather: (reads) => reads.get<ClientDocument>(clientKey(id)),
        plan: (stored) => {
          const { createdAt = now, maxIdentities: before = null } = stored?.document ?? {};
          const most = maxIdentities === undefined ? before : maxIdentities;
          const document: ClientDocument = { id, createdAt, secret: hashed, maxIdentities: most };
          return { ok: true, value: { value: undefined, puts: [{ key: clientKey(id), document }] } };
        },
      });
      unwrap(taken);
    },
    list: async () => {
      const listed: RegisteredClient[] = [];
      for await (const { document } of desk.store.find<ClientDocument>({ under: clientPath })) {
        const { secret: _, ...shown } = document;
        listed.push(shown);
      }
      return listed;
    },
    delete: async (id) => {
      if (!isClientId(id)) return false;
      const taken = await takeTurn(desk, {
        gather: (reads) => reads.get<ClientDocument>(clientKey(id)),
        plan: (stored) => ({
          ok: true,
          value: stored === undefined ? { value: false } : { value: true, deletes: [stored.key] },
        }),
      });
      return unwrap(taken);
    },
  };
}

/** The last writer wins: each of these is one whole that the operator sets. */
async function write(desk: Desk, key: string, document: Document): Promise<void> {
  await desk.store.commit({ puts: [{ key, document }] });
}
