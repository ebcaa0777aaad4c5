import type { Turn } from "../turn.ts";

/** Something that people do. `run` gives false, and has done nothing, when there is nothing to do it with. */
export interface Action {
  readonly name: string;
  /** How often it is chosen, beside the others. */
  readonly weight: number;
  run(turn: Turn): Promise<boolean>;
}
