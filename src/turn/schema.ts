/**
 * Which version the collections of a store have, and how they are brought to today's (docs/decisions/0014).
 *
 * V1. A collection that is not named in the document of versions has version 1, as every store of release 0.1.0. The document
 *     is written when the first collection has a second version.
 * V2. A newer version than this program knows is refused before anything is written.
 * V3. One commit holds some upgraded documents and how far that came, so that each is upgraded once, however often the process
 *     ends in between and whoever else begins at the same time.
 */
import { fault } from "../errors/rapport-error.ts";
import { migratedAtOnceMax } from "../limits.ts";
import type { Document, Store, Stored } from "../ports/store.ts";

/** How the documents of one collection came to be what they are. */
export interface Schema {
  readonly version: number;
  /** By the version that they start from; there is one for every version before the current one. Pure. */
  readonly upgrades: { readonly [from: number]: (document: Document) => Document };
}

/** What is known of the collections by their kinds; one that is not here has version 1. */
export type Schemas = { readonly [kind: string]: Schema };

/** Where the versions are noted, and where the documents of a kind are. */
export interface SchemaPlace {
  readonly key: string;
  readonly schemas: Schemas;
  paths(kind: string): Promise<readonly string[]>;
}

/** `engine/schema/versions` and `relay/schema/versions`; `doing` is how far the upgrade of one kind has come. */
type Versions = {
  readonly versions: { readonly [kind: string]: number };
  readonly doing?: { readonly kind: string; readonly path: string; readonly after?: string };
};

/** Brings every collection to its current version. Fault: `store.newerVersion`. */
export async function upgradeCollections(store: Store, place: SchemaPlace): Promise<void> {
  for (;;) {
    const found = await checkCollections(store, place);
    const versions = found?.document.versions ?? {};
    const behind = Object.entries(place.schemas).find(([kind, { version }]) => versionIn(versions, kind) < version);
    if (behind === undefined) return;
    await upgradeSome(store, place, { kind: behind[0], schema: behind[1], found });
  }
}

/** Refuses a store that cannot be read as it is: one of a newer version, and one that an engine has to upgrade first. */
export async function assertReadable(
  store: Pick<Store, "get">,
  place: Pick<SchemaPlace, "key" | "schemas">,
): Promise<void> {
  const found = await checkCollections(store, place);
  for (const [kind, { version }] of Object.entries(place.schemas)) {
    const has = versionIn(found?.document.versions ?? {}, kind);
    if (has === version) continue;
    const numbers = `The "${kind}" in the store have version ${has}; this Rapport reads version ${version}`;
    throw fault("store.readOnly", `${numbers}. Start an engine on it once, which upgrades it.`);
  }
}

async function checkCollections(
  store: Pick<Store, "get">,
  { key, schemas }: Pick<SchemaPlace, "key" | "schemas">,
): Promise<Stored<Versions> | undefined> {
  const found = await store.get<Versions>(key);
  for (const [kind, version] of Object.entries(found?.document.versions ?? {})) {
    const known = schemas[kind]?.version ?? 1;
    if (version <= known) continue;
    const numbers = `The "${kind}" in the store have version ${version}; this Rapport knows versions up to ${known}`;
    throw fault("store.newerVersion", `${numbers}. Upgrade it.`, { details: { kind, version, known } });
  }
  return found;
}

interface Upgrading {
  readonly kind: string;
  readonly schema: Schema;
  readonly found: Stored<Versions> | undefined;
}

/** One commit: some documents of one path, or the note that all are done. Who loses it to another process looks again. */
async function upgradeSome(store: Store, place: SchemaPlace, { kind, schema, found }: Upgrading): Promise<void> {
  const versions = found?.document.versions ?? {};
  const from = versionIn(versions, kind);
  const upgrade = schema.upgrades[from];
  if (upgrade === undefined) throw new Error(`There is no upgrade of "${kind}" from version ${from}.`);
  const begun = found?.document.doing?.kind === kind ? found.document.doing : undefined;
  const paths = [...(await place.paths(kind))].sort();
  // Paths are taken in order, so those before the one at work are done.
  const [path] = begun === undefined ? paths : paths.filter((one) => one >= begun.path);
  const after = begun?.path === path ? begun?.after : undefined;
  const page = path === undefined ? [] : await pageOf(store, path, after);
  const last = page.at(-1)?.key;
  const next = page.length === migratedAtOnceMax ? path : paths.find((one) => path !== undefined && one > path);
  const doing =
    next === undefined
      ? undefined
      : { kind, path: next, ...(next === path && last !== undefined ? { after: last } : {}) };
  const noted: Versions = doing === undefined ? { versions: { ...versions, [kind]: from + 1 } } : { versions, doing };
  await store.commit({
    puts: [
      { key: place.key, document: noted, expect: found?.version ?? "absent" },
      ...page.map(({ key, version, document }) => ({ key, document: upgrade(document), expect: version })),
    ],
  });
}

async function pageOf(store: Store, under: string, after: string | undefined): Promise<readonly Stored[]> {
  const page: Stored[] = [];
  const query = { under, limit: migratedAtOnceMax };
  for await (const stored of store.find(after === undefined ? query : { ...query, after })) page.push(stored);
  return page;
}

function versionIn(versions: Versions["versions"], kind: string): number {
  return versions[kind] ?? 1;
}
