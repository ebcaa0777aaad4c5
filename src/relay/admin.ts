/** What the operator of a relay does beside the protocol. Whoever calls this has checked that it is the operator. */
import type { JsonObject } from "../model/json.ts";

/** An announcement as the operator writes it: texts by language, `en` at least. Without `recipients` it is for everybody. */
export type NewAnnouncement = {
  readonly severity: "Low" | "Medium" | "High";
  readonly texts: { readonly [language: string]: { readonly title: string; readonly body: string } };
  readonly expiresAt?: string | null;
  readonly iqlQuery?: string | null;
  readonly recipients?: readonly string[];
  readonly actions?: readonly {
    readonly link: string;
    readonly displayNames: { readonly [language: string]: string };
  }[];
};

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

/** Throws `input.invalid` for input without the right shape. All of it is in the store, so every process of the relay sees it. */
export interface RelayAdmin {
  readonly clients: {
    /** Adds a client, or gives an existing one a new secret or limit. */
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
    list(): Promise<readonly Announcement[]>;
    delete(id: string): Promise<boolean>;
  };
  /** The collection that `GET Tags` answers (spec/backbone-protocol.md 5.5). */
  readonly tags: { get(): Promise<JsonObject>; set(collection: JsonObject): Promise<void> };
  readonly notificationCodes: { get(): Promise<readonly string[]>; set(codes: readonly string[]): Promise<void> };
  /** What `PublicRelationshipTemplateReferences` answers to identities of a client. */
  readonly publicTemplateReferences: {
    get(clientId: string): Promise<readonly JsonObject[]>;
    set(clientId: string, references: readonly JsonObject[]): Promise<void>;
  };
  /** Erases what is due by now: nobody has to wait for the next regular run. */
  runDueTimers(): Promise<DueTimers>;
  /** Erases an identity at once, whatever its status. False when there is none. */
  eraseIdentity(address: string): Promise<boolean>;
}
