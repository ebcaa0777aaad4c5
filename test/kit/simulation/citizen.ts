// One person of a simulation: an engine as a process on a disk of its own, and everything it published.
import { type Account, createRapport, type Rapport } from "rapport";
import {
  Clock,
  Crypto,
  type CryptoPort,
  Entropy,
  Log,
  type Plugin,
  type PublishedEvent,
  Publisher,
  Store,
  Transport,
} from "rapport/core";
import { type CrashPoint, type CrashPoints, createCrashPoints } from "../crash-points.ts";
import { type AccountLaws, createAccountLaws } from "./account-laws.ts";
import { createSimulatedDisk, type SimulatedDisk } from "./disk.ts";
import type { Ground } from "./ground.ts";
import { createHoldings, type Holdings } from "./holdings.ts";
import { createJournalStore } from "./journal-store.ts";
import type { Network } from "./network.ts";
import { acknowledging } from "./relay-process.ts";

/** Somebody with an account. */
export interface Citizen {
  readonly name: string;
  readonly disk: SimulatedDisk;
  readonly holdings: Holdings;
  readonly laws: AccountLaws;
  /** Present while the process lives. */
  readonly account: Account | undefined;
  readonly address: string;
  readonly rapport: Rapport | undefined;
  readonly isDead: boolean;
  /** Up to this step it does not synchronise. */
  slowUntil: number;
  /** Copies of its disk from before. */
  readonly copies: SimulatedDisk[];
  /** Starts the process; creates the account when there is none. Throws what the start throws. */
  start(): Promise<void>;
  /** What goes wrong at its ports from here on. */
  plan(point: CrashPoint | undefined): void;
  /** How many publications fail from here on. */
  refusePublishing(times: number): void;
  /** Ends it as a kill does. Of what nobody acknowledged, this share is left. */
  kill(share: number): boolean;
  close(): Promise<void>;
  /** The next start is on this disk. */
  putOn(disk: SimulatedDisk): void;
}

/** What a citizen is made of. */
export interface CitizenOptions {
  readonly name: string;
  readonly ground: Ground;
  readonly network: Network;
  /** Rules and the like. */
  readonly plugins: readonly Plugin[];
}

/** Makes somebody; nothing runs before `start`. */
export function createCitizen({ name, ground, network, plugins }: CitizenOptions): Citizen {
  const laws = createAccountLaws(name, ground);
  const holdings = createHoldings(laws.changed, () => laws.opened(holdings));
  let disk = createSimulatedDisk();
  let points: CrashPoints = createCrashPoints();
  let rapport: Rapport | undefined;
  let account: Account | undefined;
  let address = "";
  let refusals = 0;
  const publisher = {
    name: "record",
    publish: async (event: PublishedEvent) => {
      ground.stir();
      if (refusals > 0) {
        refusals -= 1;
        ground.strike("publisher: refused");
        throw new Error("The receiver is busy.");
      }
      laws.published(event);
    },
  };
  const groundOf = (mine: CrashPoints): Plugin => {
    const store = acknowledging(mine.store(createJournalStore(disk, holdings)), { disk, points: mine });
    const transport = mine.transport(network.transportFor(name));
    return {
      name: "simulation",
      register: ({ provide, contribute }) => {
        provide(Clock, () => ground.clock);
        provide(Entropy, () => ground.entropy);
        provide(Crypto, () => lasting(ground.crypto));
        provide(Log, () => ground.log);
        provide(Store, () => store);
        provide(Transport, () => transport);
        contribute(Publisher, () => publisher);
      },
    };
  };
  const citizen: Citizen = {
    name,
    holdings,
    laws,
    slowUntil: 0,
    copies: [],
    get disk() {
      return disk;
    },
    get account() {
      return points.isDead ? undefined : account;
    },
    get rapport() {
      return rapport;
    },
    get address() {
      return address;
    },
    get isDead() {
      return points.isDead || account === undefined;
    },
    start: async () => {
      rapport = undefined;
      account = undefined;
      const next = createCrashPoints();
      const before = points;
      points = next;
      if (planned !== undefined) next.watch(planned);
      planned = undefined;
      try {
        const started = await createRapport({ plugins: [groundOf(next), ...plugins], background: false });
        const opened = address === "" ? await started.accounts.create({ name }) : await started.accounts.get(name);
        rapport = started;
        account = opened;
        address = opened.address;
      } catch (problem) {
        if (before.isDead) before.heal();
        throw problem;
      }
    },
    plan: (point) => {
      if (citizen.isDead) planned = point;
      else points.watch(point);
    },
    refusePublishing: (times) => {
      refusals = times;
    },
    kill: (share) => {
      points.watch({ at: 1, when: "before", how: "kill" });
      rapport = undefined;
      account = undefined;
      disk.owner = undefined;
      return disk.tear(share);
    },
    close: async () => {
      await rapport?.close();
      rapport = undefined;
      account = undefined;
    },
    putOn: (other) => {
      disk = other;
    },
  };
  let planned: CrashPoint | undefined;
  return citizen;
}

// The suite outlives one engine: closing the engine does not close it.
function lasting(crypto: CryptoPort): CryptoPort {
  return { ...crypto };
}
