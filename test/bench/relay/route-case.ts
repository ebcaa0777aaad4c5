import { medianOf } from "../median.ts";
import { fire, fireAtRate, publisherAt, type Shot } from "./load.ts";
import { newPlace, type Place, startChild } from "./processes.ts";

const roundMs = 1_000;
const warmRounds = 2;

/** `POST RelationshipTemplates` against a bare Fastify route that validates the same body and writes the same document. */
export async function routeCase(kind: Place["kind"], { rounds }: { readonly rounds: number }) {
  const [ours, theirs] = [await newPlace(kind), await newPlace(kind)];
  const relay = await startChild({ mode: "relay", place: ours.place });
  const bare = await startChild({ mode: "bare", place: theirs.place });
  try {
    const { shot } = await publisherAt(relay.url);
    const figures: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
    for (let round = -warmRounds; round < rounds; round += 1) {
      const perSecond = {
        ours: await fire([relay.url], () => shot, roundMs),
        bare: await fire([bare.url], () => shot, roundMs),
      };
      if (round < 0) continue;
      figures.ours.push(perSecond.ours);
      figures.bare.push(perSecond.bare);
    }
    const [our, floor] = [medianOf(figures.ours), medianOf(figures.bare)];
    return { ours: our, floor, ratio: our / floor };
  } finally {
    await Promise.all([relay.end(), bare.end()]);
    await Promise.all([ours.remove(), theirs.remove()]);
  }
}

/** How long answers take at half of the load that the relay can bear; writes and reads in turn. */
export async function latencyCase(kind: Place["kind"], { rounds }: { readonly rounds: number }) {
  const { place, remove } = await newPlace(kind);
  const relay = await startChild({ mode: "relay", place });
  try {
    const { party, shot } = await publisherAt(relay.url);
    const id = (await party.ok("createTemplate", { body: JSON.parse(shot.body ?? "") })).id;
    const read: Shot = { method: "GET", path: `${shot.path}/${id}`, headers: shot.headers ?? {} };
    let count = 0;
    const next = () => {
      count += 1;
      return count % 2 === 0 ? shot : read;
    };
    for (let round = 0; round < warmRounds; round += 1) await fire([relay.url], next, roundMs);
    const most = await fire([relay.url], next, 2 * roundMs);
    const found = { p50: [] as number[], p99: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const times = await fireAtRate(relay.url, next, { perSecond: most / 2, forMs: roundMs });
      found.p50.push(times[Math.floor(times.length * 0.5)] ?? Number.NaN);
      found.p99.push(times[Math.floor(times.length * 0.99)] ?? Number.NaN);
    }
    const p99 = medianOf(found.p99);
    return { maxPerSecond: most, p50Ms: medianOf(found.p50), p99Ms: p99, ratio: p99 };
  } finally {
    await relay.end();
    await remove();
  }
}
