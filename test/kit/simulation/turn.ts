// One step of a simulation, as the one whose step it is sees it.
import type { Account, CommandOptions } from "rapport";
import { Bug, RapportError } from "rapport/core";
import { PlannedCrash } from "../faulty-store.ts";
import type { Citizen } from "./citizen.ts";
import type { Speaker } from "./contents.ts";
import type { Draws } from "./draws.ts";
import { markerWord } from "./plaintext-watch.ts";
import type { Town } from "./town.ts";

/** A command of an engine. */
export type Command<T> = (account: Account, options: Required<CommandOptions>) => Promise<T>;

/** What somebody does in one step. */
export interface Turn {
  readonly town: Town;
  readonly step: number;
  readonly draws: Draws;
  readonly me: Citizen;
  /** How each command of the step ended: `ok`, a code, or `crash`. */
  readonly outcomes: string[];
  speaker(peer?: string): Speaker;
  /** Carries out a command; undefined when it did not come to its end. */
  act<T>(command: Command<T>): Promise<T | undefined>;
  /** The same for somebody else. */
  actAs<T>(who: Citizen, command: Command<T>): Promise<T | undefined>;
  /** The other living people. */
  others(): Citizen[];
  /** Does again, under the same command ids, what did not end well. */
  repeat(): Promise<void>;
}

/** Makes the turn of a step. */
export function createTurn(town: Town, { step, draws, me }: Pick<Turn, "step" | "draws" | "me">): Turn {
  const outcomes: string[] = [];
  const ended: { readonly run: () => Promise<unknown>; readonly outcome: string }[] = [];
  let words = 0;
  let commands = 0;
  const perform = async <T>(who: Citizen, command: Command<T>, commandId: string): Promise<T | undefined> => {
    town.commands += 1;
    countDay(town, who);
    try {
      if (who.account === undefined) throw new PlannedCrash("Nobody is there.");
      const value = await command(who.account, { commandId });
      outcomes.push("ok");
      return value;
    } catch (problem) {
      const outcome = outcomeOf(problem);
      if (outcome === undefined) town.ground.findings.push(`${who.name} met what has no code: ${textOf(problem)}`);
      outcomes.push(outcome ?? "bug");
      return undefined;
    }
  };
  const turn: Turn = {
    town,
    step,
    draws,
    me,
    outcomes,
    speaker: (peer) => ({
      draws,
      holdings: me.holdings,
      address: me.address,
      peer,
      say: () => `${markerWord}-${town.seed}-${step}-${words++}`,
      inDays: (days) => new Date(town.ground.clock.now() + days * dayMs).toISOString(),
    }),
    act: (command) => turn.actAs(me, command),
    actAs: async (who, command) => {
      const commandId = `step-${step}-${commands++}`;
      const value = await perform(who, command, commandId);
      ended.push({ run: () => perform(who, command, commandId), outcome: outcomes.at(-1) ?? "" });
      return value;
    },
    others: () => town.citizens.filter((citizen) => citizen !== me && !citizen.isDead),
    repeat: async () => {
      for (const { run, outcome } of ended.splice(0)) if (!isFinal(outcome)) await run();
    },
  };
  return turn;
}

const dayMs = 24 * 60 * 60 * 1000;

function countDay({ ground, commandsOnDay }: Town, { name }: Citizen): void {
  const day = `${name} ${Math.floor(ground.clock.now() / dayMs)}`;
  commandsOnDay.set(day, (commandsOnDay.get(day) ?? 0) + 1);
}

function outcomeOf(problem: unknown): string | undefined {
  if (problem instanceof RapportError) return problem.code;
  return problem instanceof PlannedCrash ? "crash" : undefined;
}

/** What is known once a command ended like that: it was done, it never will be, or neither. */
export function isFinal(outcome: string): boolean {
  return !outcome.startsWith("store.") && !["crash", "relay.unreachable", "sync.inProgress"].includes(outcome);
}

function textOf(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  const place = problem instanceof Bug ? "" : ` (${problem.stack?.split("\n")[1]?.trim() ?? "nowhere"})`;
  return `${problem.name}: ${problem.message}${place}`;
}
