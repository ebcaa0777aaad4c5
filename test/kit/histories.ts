// Histories: random commands of several people, with lost calls, kills and a moving clock, held against a model.
import fc from "fast-check";
import type { HistoryCommand } from "./histories/command.ts";
import { commandsFor } from "./histories/commands.ts";
import { createMemory, differing } from "./histories/invariants.ts";
import { createModel, type Model } from "./histories/model.ts";
import { play, type Stage } from "./histories/play.ts";
import { createReal, type Ground } from "./histories/real.ts";
import { sync } from "./histories/request-moves.ts";
import { meeting } from "./histories/scenes.ts";

/** What histories are made of. */
export interface HistoryOptions {
  readonly people: 2 | 3;
  /** Commands of one history, at most. */
  readonly commandsMax: number;
  /** A store, a crypto or a way to the relay of yours under everybody's engine. */
  readonly ground?: Ground;
  /** From the report of a failure: runs exactly the commands that it shows. */
  readonly replayPath?: string;
  /** Hears how every command ended, to see how far histories get. */
  readonly heard?: Stage["heard"];
}

const names = ["ann", "bob", "cyd"];

/**
 * The property that every history keeps the invariants of design.md 4 after every command, ends every command as the
 * model says, and leaves nothing open once everybody has synchronised.
 */
export function historyProperty(options: HistoryOptions): fc.IAsyncProperty<[number, Iterable<HistoryCommand>]> {
  const { people, commandsMax, ground = {}, replayPath, heard } = options;
  const replay = replayPath === undefined ? {} : { replayPath };
  const commands = fc.commands<Model, Stage, false>(commandsFor(people), {
    maxCommands: commandsMax,
    size: "max",
    ...replay,
  });
  return fc.asyncProperty(
    fc.noShrink(fc.nat()),
    commands as fc.Arbitrary<Iterable<HistoryCommand>>,
    async (seed, history) => {
      const model = createModel(names.slice(0, people));
      await using real = await createReal(names.slice(0, people), { seed, ground });
      const stage: Stage = { model, real, memory: createMemory(), count: 0, ...(heard === undefined ? {} : { heard }) };
      // Most start with two who know each other.
      if (seed % 3 > 0) await meeting(0, 1).run(model, stage);
      await fc.asyncModelRun(() => ({ model, real: stage }), history);
      await heal(stage);
    },
  );
}

async function heal(stage: Stage): Promise<void> {
  const { model, real } = stage;
  for (let round = 0; round < 2; round += 1) {
    for (const { name } of model.sides) await play(stage, sync(model, { who: name, real }));
  }
  const complaints = await differing(model, real);
  if (complaints.length > 0) throw new Error(["After everybody synchronised:", ...complaints].join("\n  "));
}
