// Stores of a later release, which a program of today refuses and leaves as they are (docs/decisions/0014).
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openPast } from "rapport";
import type { Document } from "rapport/core";
import { expect, test } from "vitest";
import { copyOf, type GoldenCopy } from "./golden-copies.ts";
import { goldenStory, goldenVersions, goldenViews } from "./golden-versions.ts";
import { openHouses } from "./houses.ts";

const kinds = ["lowdb", "sqlite"] as const;
const version = goldenVersions.at(-1) ?? "";
const { story } = goldenStory(version);

async function opened(copy: GoldenCopy, kind: (typeof kinds)[number]): Promise<void> {
  const { endedAt } = goldenViews(version, kind);
  const line = "cut";
  const houses = await openHouses({ place: copy.place, plans: story.houses, seed: 7, startsAt: endedAt, line });
  try {
    for (const { people } of story.houses) for (const person of people) await houses.account(person);
  } finally {
    await houses[Symbol.asyncDispose]();
  }
}

test.for(kinds)(
  "a collection of a newer version is refused by the engine, by readers and by the relay: %s",
  async (kind) => {
    await using copy = await copyOf(version, kind);
    await copy.put("home", "engine/schema/versions", { versions: { requests: 9 } });
    const before = await copy.documents("home");
    const refusal = { code: "store.newerVersion", details: { kind: "requests", version: 9, known: 1 } };

    await expect(opened(copy, kind)).rejects.toMatchObject(refusal);
    await expect(openPast(copy.place.past("home"))).rejects.toMatchObject(refusal);

    expect(await copy.documents("home")).toEqual(before);
    await using other = await copyOf(version, kind);
    await other.put("relay", "relay/schema/versions", { versions: { message: 2 } });
    await expect(opened(other, kind)).rejects.toThrow(/"message".*version 2.*up to 1/);
  },
);

test.for(kinds)("a state of a newer version is refused where it is read: %s", async (kind) => {
  await using copy = await copyOf(version, kind);
  const before = await copy.documents("home");
  const open = [...before].filter(
    ([key, { status }]) => key.includes("/requests/") && status === "ManualDecisionRequired",
  );
  expect(open.length).toBeGreaterThan(0);
  for (const [key, document] of open) {
    await copy.put("home", key, { ...document, state: { ...(document["state"] as Document), version: 9 } });
  }
  const changed = await copy.documents("home");

  const { endedAt } = goldenViews(version, kind);
  const place = { place: copy.place, plans: story.houses, seed: 7, startsAt: endedAt, line: "cut" } as const;
  {
    await using houses = await openHouses(place);
    const reader = await houses.account("reader");
    for (const [key] of open) {
      const deciding = reader.requests.incoming.accept(String(key.split("/").at(-1)), { items: [{ accept: true }] });
      await expect(deciding).rejects.toMatchObject({
        code: "store.newerVersion",
        details: { machine: "request-in", version: 9, known: 2 },
      });
    }
  }

  const after = await copy.documents("home");
  for (const [key] of open) expect(after.get(key)).toEqual(changed.get(key));
});

test("a file of a newer format is refused and unchanged", async () => {
  await using copy = await copyOf(version, "lowdb");
  const file = join(copy.folder, "home.store");
  const newer = (await readFile(file, "utf8")).replace(/"rapport": 1,/, '"rapport": 9,');
  await writeFile(file, newer);

  await expect(opened(copy, "lowdb")).rejects.toMatchObject({
    code: "store.newerVersion",
    details: { found: 9, known: 1 },
  });

  expect(await readFile(file, "utf8")).toBe(newer);
});
