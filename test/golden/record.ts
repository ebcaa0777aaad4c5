/**
 * Records golden data of this release: `npm run golden`. Tells the story once on every kind of storage, and once in memory for
 * the journal. An existing version is never written again: what a release stored is a fact.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import {
  createMemoryBlobs,
  createMemoryDisk,
  createMemoryStore,
  type MemoryDisk,
} from "rapport/plugins/storage-memory";
import { singleConnection } from "../plugins/storage-postgres/places.ts";
import {
  copiedFiles,
  copiedSchemas,
  type GoldenPlace,
  placeOfFiles,
  placeOfSchemas,
  storageKinds,
} from "./golden-places.ts";
import { openHouses, type Place } from "./houses.ts";
import { playStory } from "./play-story.ts";
import { story } from "./story.ts";
import { allViews } from "./views.ts";
import { toLines } from "./wire-journal.ts";

const here = new URL(".", import.meta.url).pathname;
const { version } = JSON.parse(await readFile(join(here, "../../package.json"), "utf8"));
const golden = join(here, version);
if (existsSync(golden)) {
  console.error(`There is golden data of ${version} already. A release is recorded once; raise the version first.`);
  process.exit(1);
}

const temporary = await mkdtemp(join(tmpdir(), "rapport-golden-"));
const database = await PGlite.create();
const driver = singleConnection(database);
try {
  await mkdir(golden);
  await recordJournal();
  for (const kind of storageKinds) {
    const folder = join(temporary, kind);
    await mkdir(folder);
    const place = kind === "postgres" ? placeOfSchemas(driver, "first", folder) : placeOfFiles(kind, folder);
    const endedAt = await tellOn(place);
    await place.save(join(golden, kind));
    // What the doors show is taken from a copy that is opened as a later release will open it.
    const copy = join(temporary, `${kind}-copy`);
    const views = await viewsOf(
      kind === "postgres"
        ? await copiedSchemas(driver, { golden, prefix: "second", folder: copy })
        : await copiedFiles(kind, golden, copy),
      endedAt,
    );
    await writeFile(join(golden, kind, "views.jsonl"), toLines([{ endedAt }, ...views]));
    console.log(`${kind}: told and saved.`);
  }
} finally {
  await database.close();
  await rm(temporary, { recursive: true });
}

async function recordJournal(): Promise<void> {
  const disks = new Map<string, MemoryDisk>();
  const diskOf = (name: string): MemoryDisk => {
    const disk = disks.get(name) ?? createMemoryDisk();
    disks.set(name, disk);
    return disk;
  };
  const place: Place = {
    store: (name) => createMemoryStore({ disk: diskOf(name) }),
    blobs: () => createMemoryBlobs({ disk: diskOf("relay") }),
  };
  await using houses = await openHouses({ place, plans: story.houses, ...story });
  const told = await playStory(houses, story.lines);
  const { lines, ...plan } = story;
  await writeFile(join(golden, "story.jsonl"), toLines([plan, ...lines.map((line, at) => ({ line, told: told[at] }))]));
  await writeFile(join(golden, "wire.jsonl"), toLines(houses.wire));
  console.log(`journal: ${lines.length} lines, ${houses.wire.length} calls.`);
}

async function tellOn(place: GoldenPlace): Promise<string> {
  await using houses = await openHouses({ place, plans: story.houses, ...story });
  await playStory(houses, story.lines);
  return new Date(houses.clock.now()).toISOString();
}

async function viewsOf(place: GoldenPlace, startsAt: string): Promise<unknown[]> {
  await using houses = await openHouses({ place, plans: story.houses, seed: story.seed + 100, startsAt, line: "cut" });
  return await allViews(houses);
}
