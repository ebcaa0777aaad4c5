// Everybody and everything of one simulation.
import { fault, type JsonObject } from "rapport/core";
import { type Citizen, createCitizen } from "./citizen.ts";
import { createGround, type Ground } from "./ground.ts";
import { createHoldings, type Holdings } from "./holdings.ts";
import { createNetwork, type Network } from "./network.ts";
import { rulesOf } from "./people.ts";
import { createRelayLaws } from "./relay-laws.ts";
import { createRelayProcess, type RelayProcess } from "./relay-process.ts";

/** Something that somebody handed out: a reference that others may load. */
export interface Offer {
  readonly kind: "template" | "token" | "file";
  readonly by: string;
  readonly reference: string;
}

/** A text that was sent, and what its sender was told of it. */
export interface Sending {
  readonly from: string;
  /** Whom it was for, and the Relationship that it went along. */
  readonly to: readonly { readonly address: string; readonly bond: string }[];
  /** A text in it that nothing else has. */
  readonly text: string;
  readonly content: JsonObject;
  readonly step: number;
  outcome: "sent" | "refused" | "unknown";
}

/** One simulation. */
export interface Town {
  readonly seed: number;
  readonly ground: Ground;
  readonly network: Network;
  readonly relay: RelayProcess;
  readonly atRelay: Holdings;
  readonly citizens: Citizen[];
  readonly offers: Offer[];
  readonly sendings: Sending[];
  /** Ids of what an account no longer knows since its disk is an older copy, or was never told again. */
  readonly forgotten: Map<string, Set<string>>;
  /** Addresses that went on from an older copy at least once. */
  readonly restored: Set<string>;
  readonly commandsOnDay: Map<string, number>;
  commands: number;
  people: number;
  /** One more person, with an account. */
  join(): Promise<Citizen>;
  /** Looks at what the relay wrote since the last time (C1). */
  scan(): void;
}

/** Makes a town with a relay and nobody in it. */
export async function createTown(seed: number): Promise<Town> {
  const ground = await createGround(seed);
  const laws = createRelayLaws(ground);
  const atRelay: Holdings = createHoldings(laws.changed, () => laws.opened(atRelay));
  const relay = createRelayProcess(ground, atRelay);
  const network = createNetwork(ground, relay);
  const scannedBlobs = new Set<string>();
  let scanned = 0;
  await relay.start();
  const town: Town = {
    seed,
    ground,
    network,
    relay,
    atRelay,
    citizens: [],
    offers: [],
    sendings: [],
    forgotten: new Map(),
    restored: new Set(),
    commandsOnDay: new Map(),
    commands: 0,
    people: 0,
    join: async () => {
      const name = nameOfPerson(town.people);
      const citizen = createCitizen({ name, ground, network, plugins: rulesOf(town.people) });
      town.people += 1;
      await citizen.start();
      town.citizens.push(citizen);
      return citizen;
    },
    scan: () => {
      const bytes = relay.disk.bytes();
      // A journal that was written anew is read anew.
      const from = bytes.length < scanned ? 0 : scanned;
      if (bytes.length > from) ground.plaintext.look(bytes.subarray(from), "the relay's journal");
      scanned = bytes.length;
      for (const [name, blob] of relay.disk.blobs) {
        if (!scannedBlobs.has(name)) ground.plaintext.look(blob, "a File at the relay");
        scannedBlobs.add(name);
      }
    },
  };
  return town;
}

/** The name of the person with this number. */
export function nameOfPerson(number: number): string {
  const names = ["ann", "bob", "cyd", "dan", "eve", "fay", "gus", "hal"];
  const name = names[number % names.length];
  if (name === undefined) throw fault("input.invalid", "There is no such person.");
  return number < names.length ? name : `${name}-${Math.floor(number / names.length) + 1}`;
}
