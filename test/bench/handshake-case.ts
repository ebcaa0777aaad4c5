import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account } from "rapport";
import type { CryptoPort, StorePort } from "rapport/core";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { collections as relayCollections } from "rapport/relay";
import * as floor from "./floor.ts";
import { handshakes, type Office, openOffice, type Recording } from "./handshake.ts";
import { medianOf } from "./median.ts";

/** Handshakes per second, and how close they come to the floor. */
export interface HandshakeCase {
  readonly ours: number;
  readonly floor: number;
  readonly ratio: number;
  readonly commitsPerHandshake: number;
}

const inFlight = 32;

/** Rounds that only warm up: an engine runs for days, so what counts is the code that the compiler has seen before. */
const warmRounds = 4;

/** Measures on memory or SQLite, taking turns over `rounds`: one engine, one relay and one floor, and fresh persons. */
export async function handshakeCase(
  kind: "memory" | "sqlite",
  crypto: CryptoPort,
  { rounds = 9, waves = 8 } = {},
): Promise<HandshakeCase> {
  await crypto.open();
  const folder = await mkdtemp(join(tmpdir(), "rapport-bench-"));
  let files = 0;
  const open = (): StorePort =>
    kind === "memory" ? createMemoryStore() : createSqliteStore({ file: join(folder, `${files++}.db`) });
  const office = await openOffice({ engine: open, relay: open }, crypto);
  const stores = await openFloor(open);
  const ours: number[] = [];
  const theirs: number[] = [];
  let commits = 0;
  try {
    for (let round = -warmRounds; round < rounds; round += 1) {
      const run = await engineRound(office, waves);
      const by = await floorRound(stores, crypto, run.recording);
      commits = run.recording.steps.flat().length / (waves * inFlight);
      if (round < 0) continue;
      ours.push(run.perSecond);
      theirs.push(by);
    }
  } finally {
    await office.close();
    await stores.engine[Symbol.asyncDispose]();
    await stores.relay[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  }
  const [median, lowest] = [medianOf(ours), medianOf(theirs)];
  return { ours: median, floor: lowest, ratio: median / lowest, commitsPerHandshake: commits };
}

async function engineRound(office: Office, waves: number) {
  const persons = await makePersons(office, waves * inFlight);
  const recorder = office.record();
  const from = performance.now();
  for (let wave = 0; wave < waves; wave += 1) {
    await handshakes(office, persons.slice(wave * inFlight, (wave + 1) * inFlight), recorder.step);
    recorder.step();
  }
  const ms = performance.now() - from;
  return { perSecond: (persons.length / ms) * 1000, recording: recorder.end() };
}

/** Persons of an office, some at a time. */
export async function makePersons(office: Office, count: number): Promise<Account[]> {
  const persons: Account[] = [];
  while (persons.length < count) {
    const some = Math.min(inFlight, count - persons.length);
    persons.push(...(await Promise.all(Array.from({ length: some }, () => office.person()))));
  }
  return persons;
}

async function openFloor(open: () => StorePort) {
  const stores = { engine: open(), relay: open() };
  await stores.engine.open(engineCollections);
  await stores.relay.open(relayCollections);
  return stores;
}

async function floorRound(
  stores: { readonly engine: StorePort; readonly relay: StorePort },
  crypto: CryptoPort,
  recording: Recording,
): Promise<number> {
  const organisation = floor.makeSide(crypto);
  const person = floor.makeSide(crypto);
  const offer = floor.makeOffer(crypto, organisation, JSON.stringify({ content: "x".repeat(800) }));
  const ones = Array.from({ length: inFlight });
  const from = performance.now();
  let count = 0;
  for (let at = 0; at + 5 <= recording.steps.length; at += 5) {
    const [load, answer, sync, accept, learn] = recording.steps.slice(at, at + 5);
    if (!load || !answer || !sync || !accept || !learn) break;
    for (const _ of ones) floor.openOffer(crypto, offer, { person, organisation });
    await floor.replay(load, stores);
    const creations = ones.map(() => floor.seal(crypto, person, organisation));
    await floor.replay(answer, stores);
    for (const creation of creations) floor.openCreation(crypto, creation, organisation);
    await floor.replay(sync, stores);
    const answers = creations.map((creation) => floor.accept(crypto, creation, organisation));
    await floor.replay(accept, stores);
    for (const [index, creation] of creations.entries())
      floor.openAcceptance(crypto, answers[index] ?? "", { creation, person });
    await floor.replay(learn, stores);
    count += inFlight;
  }
  return (count / (performance.now() - from)) * 1000;
}

// What the engine declares (src/model/keys.ts); the floor keeps the same indexes.
const engineCollections = [
  { kind: "templates", indexes: ["createdBy"] },
  { kind: "relationships", indexes: ["status", "peer", "templateId"] },
  { kind: "requests", indexes: ["status", "peer", "source.reference"] },
  { kind: "timers", indexes: ["dueAt"] },
  { kind: "decisions", indexes: ["peer"] },
];
