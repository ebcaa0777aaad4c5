// The people of the story, the engine they live in, and a real relay between them.
import { type Account, createRapport, type Rapport, RapportError } from "rapport";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { silentLog, systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { loopbackTransport } from "rapport/plugins/transport-loopback";
import { createRelay } from "rapport/relay";
import { textsIn } from "./json.ts";
import type { Narrator, Told } from "./narrator.ts";
import type { StoreChoice } from "./store-choice.ts";
import type { Offer } from "./template-file.ts";
import { createWitness, type Witness } from "./witness.ts";

/** Somebody in the story. */
export interface Player {
  readonly name: string;
  readonly account: Account;
  /** True when the store knew the identity already. */
  readonly isKnown: boolean;
}

/** Everything an act needs. */
export interface Stage extends AsyncDisposable {
  readonly library: Player;
  readonly mara: Player;
  readonly jonas: Player;
  readonly players: readonly Player[];
  readonly offer: Offer;
  readonly witness: Witness;
  readonly narrator: Narrator;
  /** Tells a step, with what the relay saw since the step before. */
  tell(told: Told): void;
  /** Remembers the texts of something confidential, to look for them at the relay in the end. */
  confide(json: unknown): void;
  readonly confided: ReadonlySet<string>;
}

/** What a stage is made of. */
export interface StageOptions {
  readonly store: StoreChoice;
  readonly offer: Offer;
  readonly narrator: Narrator;
}

/** More would only make the search at the end slow. */
const confidedMax = 1_000;

/** Opens the stores and finds the players, or makes them. */
export async function openStage({ store, offer, narrator }: StageOptions): Promise<Stage> {
  const witness = createWitness();
  const house = await openHouse(store, witness);
  try {
    const library = await playerOf(house.rapport, "City Library", "city-library");
    const mara = await playerOf(house.rapport, "Mara", "mara");
    const jonas = await playerOf(house.rapport, "Jonas", "jonas");
    const confided = new Set<string>();
    return {
      library,
      mara,
      jonas,
      players: [library, mara, jonas],
      offer,
      witness,
      narrator,
      tell: (told) => narrator.tell(told, witness.glance()),
      confide: (json) => {
        for (const text of textsIn(json)) if (confided.size < confidedMax) confided.add(text);
      },
      confided,
      [Symbol.asyncDispose]: house.close,
    };
  } catch (problem) {
    await house.close();
    throw problem;
  }
}

async function openHouse(store: StoreChoice, witness: Witness): Promise<{ rapport: Rapport; close(): Promise<void> }> {
  const relay = createRelay({
    store: witness.store(store.relayStore()),
    crypto: isSodiumNativeInstalled() ? createSodiumNative() : createSodium(),
    clock: systemClock(),
    entropy: systemEntropy(),
    log: silentLog(),
  });
  const closeRelay = async () => relay[Symbol.asyncDispose]();
  try {
    await relay.open();
    const plugins = [store.plugin(), loopbackTransport(witness.relay(relay))];
    const rapport = await createRapport({ plugins, background: false });
    const close = async () => {
      await rapport.close();
      await closeRelay();
    };
    return { rapport, close };
  } catch (problem) {
    await closeRelay().catch(() => undefined);
    throw problem;
  }
}

async function playerOf(rapport: Rapport, name: string, id: string): Promise<Player> {
  try {
    return { name, account: await rapport.accounts.get(id), isKnown: true };
  } catch (problem) {
    if (!(problem instanceof RapportError) || problem.code !== "account.notFound") throw problem;
    return { name, account: await rapport.accounts.create({ name: id }), isKnown: false };
  }
}
