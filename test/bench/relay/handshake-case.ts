import type { CryptoPort } from "rapport/core";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { createRelayTransport } from "rapport/plugins/transport-relay";
import { handshakes, openOffice } from "../handshake.ts";
import { makePersons } from "../handshake-case.ts";
import { medianOf } from "../median.ts";
import { newPlace, startChild } from "./processes.ts";

const inFlight = 32;
const waves = 8;
const warmRounds = 3;

/** Whole handshakes with the relay in a process of its own, over loopback HTTP, against the relay in the process. */
export async function httpHandshakeCase(crypto: CryptoPort, { rounds }: { readonly rounds: number }) {
  const { place } = await newPlace("memory");
  const child = await startChild({ mode: "relay", place });
  const stores = { engine: () => createMemoryStore(), relay: () => createMemoryStore() };
  const inside = await openOffice(stores, crypto);
  const outside = await openOffice(stores, crypto, createRelayTransport({ baseUrl: child.url, hostName: "localhost" }));
  const figures: { inside: number[]; outside: number[] } = { inside: [], outside: [] };
  try {
    for (let round = -warmRounds; round < rounds; round += 1) {
      const perSecond = { inside: await roundOf(inside), outside: await roundOf(outside) };
      if (round < 0) continue;
      figures.inside.push(perSecond.inside);
      figures.outside.push(perSecond.outside);
    }
  } finally {
    await inside.close();
    await outside.close();
    await child.end();
  }
  const [overHttp, inProcess] = [medianOf(figures.outside), medianOf(figures.inside)];
  return { overHttp, inProcess, ratio: overHttp / inProcess };
}

async function roundOf(office: Awaited<ReturnType<typeof openOffice>>): Promise<number> {
  const persons = await makePersons(office, waves * inFlight);
  const from = performance.now();
  for (let wave = 0; wave < waves; wave += 1) {
    await handshakes(office, persons.slice(wave * inFlight, (wave + 1) * inFlight));
  }
  return (persons.length / (performance.now() - from)) * 1000;
}
