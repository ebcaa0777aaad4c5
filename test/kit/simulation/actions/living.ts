// What keeps an account going: synchronising, looking around, and starting again.
import type { Turn } from "../turn.ts";
import type { Action } from "./action.ts";

/** Everything that is neither said nor decided. */
export const livingActions: readonly Action[] = [
  { name: "sync", weight: 30, run: sync },
  { name: "look", weight: 3, run: look },
  { name: "resume", weight: 2, run: resume },
  { name: "restart", weight: 0.7, run: restart },
  { name: "copy", weight: 0.7, run: copy },
];

async function sync({ town, step, me, act }: Turn): Promise<boolean> {
  if (me.slowUntil > step) return false;
  await act((account) => account.sync());
  // A look that finds nothing is half a step; somebody else may look as well.
  town.ground.stir();
  return true;
}

async function look({ draws, act }: Turn): Promise<boolean> {
  await act<unknown>((account) => {
    if (draws.once(3)) return account.requests.incoming.find({ status: "ManualDecisionRequired" });
    return draws.once(2) ? account.relationships.find() : account.tick();
  });
  return true;
}

async function resume({ act }: Turn): Promise<boolean> {
  await act(({ intents }) => intents.resume());
  return true;
}

// In good order: what is closed has nothing under way.
async function restart({ me, outcomes }: Turn): Promise<boolean> {
  await me.close();
  await me.start();
  outcomes.push("ok");
  return true;
}

async function copy({ me, outcomes }: Turn): Promise<boolean> {
  me.copies.push(me.disk.copy());
  if (me.copies.length > copiesMax) me.copies.shift();
  outcomes.push("ok");
  return true;
}

const copiesMax = 3;
