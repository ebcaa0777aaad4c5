import { accountTurn } from "../engine/change.ts";
import { type CommandOptions, type CommandTag, once, recordResult } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { contentBytesMax, metadataKeyCharsMax } from "../limits.ts";
import { extended } from "../model/extended.ts";
import { type IdentityMetadataRecord, metadataId } from "../model/identity-records.ts";
import { newId } from "../model/ids.ts";
import type { Json } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { PeerRecord } from "../model/records.ts";
import { isAddress } from "../sealed/address.ts";
import { atTheDoor, isText, json, object, optional, options } from "./door.ts";

/** Whom a note is about, and which of several. */
export interface MetadataPlace {
  /** The own address, or that of a peer of a Relationship. */
  readonly reference: string;
  readonly key?: string;
}

/** A note about an identity, which never leaves the account. */
export interface IdentityMetadata extends MetadataPlace {
  readonly value: Json;
}

/** Notes about oneself and about peers (spec/domain.md 2.2). Those about a peer go with its Relationship. */
export interface IdentityMetadataService {
  /** Writes it, or writes it anew. Throws `error.runtime.identityMetadata.unfamiliarReferencedIdentity`. */
  upsert(input: IdentityMetadata, options?: CommandOptions): Promise<IdentityMetadata>;
  /** Throws `error.runtime.identityMetadata.notFound`. */
  get(place: MetadataPlace): Promise<IdentityMetadata>;
  /** Throws `error.runtime.identityMetadata.notFound`. */
  delete(place: MetadataPlace, options?: CommandOptions): Promise<void>;
}

/** The service of one account. */
export function createIdentityMetadata(account: Account): IdentityMetadataService {
  const service: IdentityMetadataService = {
    upsert: (input, given) =>
      once<IdentityMetadata>(
        account,
        { name: "identityMetadata.upsert", input, options: given },
        { run: (tag) => write(account, input, tag), replay: async () => copyOf(input) },
      ),
    get: (place) => read(account, place),
    delete: (place, given) =>
      once<undefined>(
        account,
        { name: "identityMetadata.delete", input: place, options: given },
        { run: (tag) => remove(account, place, tag), replay: async () => undefined },
      ),
  };
  const address = (argument: unknown): Outcome<unknown> =>
    isText(argument) && isAddress(account.crypto, argument)
      ? allow(argument)
      : refuse(invalid, "reference must be an address.");
  const place = { reference: address, key: optional(keyText) };
  return atTheDoor<IdentityMetadataService>(service, {
    upsert: [object("input", { ...place, value: json("value") }), options],
    get: [object("place", place)],
    delete: [object("place", place), options],
  });
}

const invalid = "error.runtime.validation.invalidPropertyValue";

const keyText = (argument: unknown): Outcome<unknown> =>
  isText(argument) && argument.length >= 1 && argument.length <= metadataKeyCharsMax
    ? allow(argument)
    : refuse(invalid, `key must be a text of 1 to ${metadataKeyCharsMax} characters.`);

async function write(account: Account, input: IdentityMetadata, tag: CommandTag): Promise<Outcome<IdentityMetadata>> {
  const { reference, key, value } = copyOf(input);
  if (JSON.stringify(value).length > contentBytesMax)
    return refuse("input.tooLarge", `value is over ${contentBytesMax} characters. Make it smaller.`);
  const placed = metadataId({ reference, key });
  return accountTurn(account, {
    gather: async (reads) => ({
      known: (await reads.get<IdentityMetadataRecord>(keyOf(account.id, "metadata", placed)))?.document,
      peer: (await reads.get<PeerRecord>(keyOf(account.id, "peers", reference)))?.document,
    }),
    plan({ known, peer }, change): Outcome<IdentityMetadata> {
      if (reference !== account.self && peer?.newest === undefined) {
        const message = `${reference} is neither this identity nor a peer of a Relationship.`;
        return refuse("error.runtime.identityMetadata.unfamiliarReferencedIdentity", message);
      }
      const note = key === undefined ? { reference, value } : { reference, key, value };
      change.put("metadata", placed, extended(note, { id: known?.id ?? newId("IDM", account.entropy) }));
      recordResult(account, change, { tag, result: {} });
      return allow(note);
    },
  });
}

async function read(account: Account, place: MetadataPlace): Promise<IdentityMetadata> {
  const stored = await account.store.get<IdentityMetadataRecord>(keyOf(account.id, "metadata", metadataId(place)));
  if (stored === undefined) throw notFound(place);
  return copyOf(stored.document);
}

function remove(account: Account, place: MetadataPlace, tag: CommandTag): Promise<Outcome<undefined>> {
  const id = metadataId(place);
  return accountTurn(account, {
    gather: (reads) => reads.get(keyOf(account.id, "metadata", id)),
    plan(stored, change) {
      if (stored === undefined) throw notFound(place);
      change.remove("metadata", id);
      recordResult(account, change, { tag, result: {} });
      return allow(undefined);
    },
  });
}

function notFound({ reference, key }: MetadataPlace) {
  const what = key === undefined ? "without a key" : `under the key "${key}"`;
  return fault("error.runtime.identityMetadata.notFound", `Nothing is noted about ${reference} ${what}.`);
}

function copyOf({ reference, key, value }: IdentityMetadata): IdentityMetadata {
  return key === undefined ? { reference, value } : { reference, key, value };
}
