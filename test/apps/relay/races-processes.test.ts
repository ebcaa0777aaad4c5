import { afterAll, beforeAll, expect, test } from "vitest";
import { service } from "../../plugins/services.ts";
import { type Draw, drawsFrom, onSeededPlan, proofScale } from "./proof.ts";
import {
  type Lane,
  type Person,
  raceForSlots,
  raceToAnswer,
  raceToCreate,
  raceToEnd,
  raceToPush,
  raceToSend,
  raceToSync,
  uploadUnderOneKey,
} from "./race-rounds.ts";
import { asked, personOf, type Relays, type SharedPlace, sharedPlace, startRelays } from "./race-stage.ts";
import { blobFlaws, brokenLaws, stockOf } from "./store-laws.ts";

const processesMax = 4;
/** One lane is two people on two devices each: 64 sessions. */
const lanesMax = 16;
const roundsMin = 1_000;
/** Five programs that load on a busy machine. */
const startLimitMs = 180_000;
const livesPerLane = Math.ceil(7 * proofScale);

const server = await service("PostgreSQL", () => asked("SELECT 1"));

server.describe(() => {
  let place: SharedPlace;
  let relays: Relays;
  beforeAll(async () => {
    place = await sharedPlace();
    relays = await startRelays(place, processesMax);
  }, startLimitMs);
  afterAll(async () => {
    await relays.end();
    await place.remove();
  });

  const limitMs = 120_000 + 300_000 * proofScale;
  test("races between processes have one winner, and break no law of the store", { timeout: limitMs }, () =>
    onSeededPlan(async (seed) => {
      const rounds = new Map<string, number>();
      const people = await Promise.all(Array.from({ length: lanesMax * 2 }, () => personOf(relays.parties)));

      const lanes = Array.from({ length: lanesMax }, (_, at) => liveInLane({ seed, at, people, rounds }));
      const made = (await Promise.all(lanes)).flat();
      const store = await place.store();
      const stock = await stockOf(store);
      const flaws = [...(await brokenLaws(store, stock)), ...(await blobFlaws(place.folder, stock))];
      await store[Symbol.asyncDispose]();

      const total = [...rounds.values()].reduce((sum, count) => sum + count, 0);
      expect(flaws).toEqual([]);
      expect(idsOf(stock.relationships)).toEqual(made.filter((id) => id.startsWith("REL")).sort());
      expect(idsOf(stock.files)).toEqual(made.filter((id) => id.startsWith("FIL")).sort());
      expect(stock.templates.length).toBe(rounds.get("one key"));
      expect(total, JSON.stringify([...rounds])).toBeGreaterThanOrEqual(roundsMin * Math.min(1, proofScale));
    }),
  );
});

interface LanePlan {
  readonly seed: number;
  readonly at: number;
  readonly people: readonly Person[];
  readonly rounds: Map<string, number>;
}

/** Two people meet, and part again, as often as the plan says. Gives the ids of what they made. */
async function liveInLane({ seed, at, people, rounds }: LanePlan): Promise<readonly string[]> {
  const draw = drawsFrom(seed + at);
  let last = "";
  let keys = 0;
  const lane: Lane = {
    draw,
    key: () => `${at}-${keys++}`,
    everybody: people,
    round: (kind) => {
      last = kind;
      rounds.set(kind, (rounds.get(kind) ?? 0) + 1);
    },
  };
  const pair = [people[at * 2] as Person, people[at * 2 + 1] as Person] as const;
  const made: string[] = [];
  for (let life = 0; life < livesPerLane; life += 1) {
    try {
      made.push(...(await meet(lane, pair, draw)));
    } catch (cause) {
      const what = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`lane ${at}, life ${life}, ${last}: ${what}`, { cause });
    }
  }
  return made;
}

async function meet(lane: Lane, [one, other]: readonly [Person, Person], draw: Draw): Promise<readonly string[]> {
  const file = await uploadUnderOneKey(lane, one.devices, new Date(Date.now() + 3_600_000).toISOString());
  await raceForSlots(lane, one);
  const id = await raceToCreate(lane, one, other);
  const { from } = await one.devices[0].ok("getRelationship", { id });
  const ends = from === one.address ? { from: one, to: other } : { from: other, to: one };
  await raceToSync(lane, ends.to);
  const status = await raceToAnswer(lane, id, ends);
  await raceToSync(lane, ends.from);
  await raceToPush(lane, ends.from);
  if (status === "Active") {
    if (draw(2) === 0) await raceToSend(lane, ends.from, ends.to);
    await raceToSync(lane, ends.to);
    await raceToEnd(lane, id, { one, other });
  }
  return [file, id];
}

function idsOf(documents: readonly { readonly id: string }[]): readonly string[] {
  return documents.map(({ id }) => id).sort();
}
