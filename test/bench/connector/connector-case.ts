// The Connector against bare routes that send the same bytes.
import { medianOf } from "../median.ts";
import { fire, fireAtRate, type Shot } from "../relay/load.ts";
import { type Child, startChild } from "./children.ts";
import { peerOf } from "./stored.ts";

const roundMs = 1_000;
const warmRounds = 2;
const many = 100_000;
const few = 1_000;
const get = (path: string): Shot => ({ method: "GET", path, headers: { accept: "application/json" } });

const content = {
  "@type": "ArbitraryRelationshipTemplateContent",
  value: { text: "x".repeat(800) },
};
const posted = (path: string, body: object): Shot => ({
  method: "POST",
  path,
  headers: { "content-type": "application/json", accept: "application/json" },
  body: JSON.stringify(body),
});

/** Both, with many stored LocalRequests; `end` when done. */
export async function openPair(): Promise<{ ours: Child; bare: Child; end(): Promise<void> }> {
  const ours = await startChild({ mode: "connector", count: many });
  const bare = await startChild({ mode: "bare", count: many });
  return { ours, bare, end: async () => void (await Promise.all([ours.end(), bare.end()])) };
}

type Pair = Pick<Awaited<ReturnType<typeof openPair>>, "ours" | "bare">;

/** One object, always the same. */
export function oneCase(pair: Pair, rounds: number) {
  const ours = get(`/api/v2/Requests/Incoming/REQ${"0".repeat(17)}`);
  return compared(pair, { ours: () => ours, bare: () => get("/one") }, rounds);
}

/** Fifty of a random peer. */
export function listCase(pair: Pair, rounds: number) {
  const peers = Math.floor(many / 50);
  const peer = () => encodeURIComponent(peerOf(Math.floor(Math.random() * peers) * 50));
  const next = {
    ours: () => get(`/api/v2/Requests/Incoming?limit=50&peer=${peer()}`),
    bare: () => get(`/list?peer=${peer()}`),
  };
  return compared(pair, next, rounds);
}

/** A template with free content of about 900 bytes. */
export function templateCase(pair: Pair, rounds: number) {
  const ours = posted("/api/v2/RelationshipTemplates/Own", { content, expiresAt: "2099-01-01T00:00:00.000Z" });
  const bare = posted("/template", content);
  return compared(pair, { ours: () => ours, bare: () => bare }, rounds);
}

/** How long a list of fifty takes among many and among few, at a rate that both bear easily. */
export async function listLatencyCase({ ours }: Pick<Pair, "ours">, rounds: number) {
  const smaller = await startChild({ mode: "connector", count: few });
  const found = { many: [] as number[], few: [] as number[] };
  const p99 = async (url: string, count: number) => {
    const peers = Math.floor(count / 50);
    const next = () =>
      get(`/api/v2/Requests/Incoming?peer=${encodeURIComponent(peerOf(Math.floor(Math.random() * peers) * 50))}`);
    const times = await fireAtRate(url, next, { perSecond: 200, forMs: roundMs });
    return times[Math.floor(times.length * 0.99)] ?? Number.NaN;
  };
  for (let round = -warmRounds; round < rounds; round += 1) {
    const times = { many: await p99(ours.url, many), few: await p99(smaller.url, few) };
    if (round < 0) continue;
    found.many.push(times.many);
    found.few.push(times.few);
  }
  await smaller.end();
  const [manyMs, fewMs] = [medianOf(found.many), medianOf(found.few)];
  return { manyMs, fewMs, ratio: manyMs / fewMs };
}

async function compared({ ours, bare }: Pair, next: { ours(): Shot; bare(): Shot }, rounds: number) {
  const figures: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  for (let round = -warmRounds; round < rounds; round += 1) {
    const perSecond = {
      ours: await fire([ours.url], next.ours, roundMs),
      bare: await fire([bare.url], next.bare, roundMs),
    };
    if (round < 0) continue;
    figures.ours.push(perSecond.ours);
    figures.bare.push(perSecond.bare);
  }
  const [our, floor] = [medianOf(figures.ours), medianOf(figures.bare)];
  return { ours: our, floor, ratio: our / floor };
}
