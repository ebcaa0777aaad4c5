// The journals of earlier releases, played to the engine and the relay of today (docs/decisions/0014).
import { createSodium } from "rapport/plugins/crypto-sodium";
import {
  createMemoryBlobs,
  createMemoryDisk,
  createMemoryStore,
  type MemoryDisk,
} from "rapport/plugins/storage-memory";
import { createLoopbackTransport } from "rapport/plugins/transport-loopback";
import { describe, expect, test } from "vitest";
import { createHandClock } from "../kit/hand-clock.ts";
import { goldenStory, goldenVersions, goldenWire } from "./golden-versions.ts";
import { openHouses, openRelay, type Place } from "./houses.ts";
import { methodOf, playStory } from "./play-story.ts";
import { drawnAgain, plain, unkeyed, type WireLine } from "./wire-journal.ts";

function inMemory(): Place {
  const disks = new Map<string, MemoryDisk>();
  const diskOf = (name: string): MemoryDisk => {
    const disk = disks.get(name) ?? createMemoryDisk();
    disks.set(name, disk);
    return disk;
  };
  return {
    store: (name) => createMemoryStore({ disk: diskOf(name) }),
    blobs: () => createMemoryBlobs({ disk: diskOf("relay") }),
  };
}

/**
 * What a later release may do differently on purpose: lines of its journal as they would be in that of the earlier one. Empty
 * means that nothing differs; whoever changes what is said declares it here, with the release and the reason.
 */
const declared: { readonly [version: string]: (line: WireLine) => WireLine } = {};

describe.for(goldenVersions)("the story of %s", (version) => {
  test("told again, its commands end as they did and the same is said to the relay and answered", async () => {
    const { story, told } = goldenStory(version);
    await using houses = await openHouses({ place: inMemory(), plans: story.houses, ...story });

    const again = await playStory(houses, story.lines);

    for (const [at, line] of story.lines.entries()) {
      expect(unkeyed(again[at]), `line ${at}: ${JSON.stringify(line)}`).toBe(unkeyed(told[at]));
    }
    const asBefore = declared[version] ?? ((line: WireLine) => line);
    expect(houses.wire.map((line) => unkeyed(asBefore(line)))).toEqual(goldenWire(version).map(unkeyed));
  });

  test("its recorded calls, byte for byte, get the answers that they got", async () => {
    const clock = createHandClock(goldenStory(version).story.startsAt);
    const crypto = createSodium();
    await crypto.open();
    await using relay = await openRelay({ place: inMemory(), clock, crypto, seed: goldenStory(version).story.seed });
    const transport = createLoopbackTransport(relay);
    const drawn = drawnAgain();

    for (const [at, line] of goldenWire(version).entries()) {
      clock.advance(line.atMs - clock.now());
      const asked = drawn.put(line);
      const answer =
        "operator" in asked
          ? plain(await methodOf(relay.admin, asked.operator)(...asked.with))
          : await transport.call(asked.call, asked.session);
      const before = "operator" in line ? line.gave : line.answer;

      expect(unkeyed(answer), `line ${at}: ${unkeyed(line)}`).toBe(unkeyed(before));
      drawn.learn(before, answer);
    }
  });
});
