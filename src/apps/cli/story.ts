// `rapport story`: the whole life of Relationships between a library and two readers, on the real engine and relay.
import { endAndErase, reviveAfterEnd } from "./acts/ending.ts";
import { agree, askAgain } from "./acts/handshake.ts";
import { type Ledger, showLedger } from "./acts/ledger.ts";
import { meetThePlayers } from "./acts/players.ts";
import { raceForIt, refuse, withdraw } from "./acts/refusals.ts";
import { createNarrator, type Step } from "./narrator.ts";
import { openStage } from "./stage.ts";
import type { StoreChoice } from "./store-choice.ts";
import { readOffer } from "./template-file.ts";

/** How the story is told. */
export interface StoryOptions {
  readonly store: StoreChoice;
  /** A file with a template of one's own. */
  readonly template?: string;
  readonly json: boolean;
  readonly width: number;
  readonly colour: boolean;
}

/** What the story came to: the ledger, and how many steps it took. */
export interface StoryResult extends Ledger {
  readonly steps: number;
  readonly store: string;
  /** True when the identities were already in the store. */
  readonly isContinued: boolean;
}

/** Plays the story and writes it line by line. A bad template or store is refused before anything is written. */
export async function runStory(
  options: StoryOptions,
  write: (line: string) => void,
): Promise<{ readonly result: StoryResult; readonly steps: readonly Step[] }> {
  const { store, template, json, width, colour } = options;
  const offer = await readOffer(template);
  const narrator = createNarrator({ json, width, colour, write });
  await using stage = await openStage({ store, offer, narrator });
  await meetThePlayers(stage, store);
  const relationship = await agree(stage);
  await askAgain(stage, relationship);
  const letters = stage.witness.sealed().filter(({ operation }) => operation !== "createTemplate");
  await refuse(stage);
  await withdraw(stage);
  await raceForIt(stage);
  await reviveAfterEnd(stage, relationship);
  await endAndErase(stage, relationship, letters);
  const ledger = await showLedger(stage, store);
  const isContinued = stage.library.isKnown;
  const result = { steps: narrator.steps.length, store: store.name, isContinued, ...ledger };
  narrator.result(result);
  return { result, steps: narrator.steps };
}
