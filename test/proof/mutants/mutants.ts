import { engineMutants } from "./engine-mutants.ts";
import { machineMutants } from "./machine-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { outerMutants } from "./outer-mutants.ts";
import { relayMutants } from "./relay-mutants.ts";

/** Every planted bug. */
export const mutants: readonly Mutant[] = [...machineMutants, ...engineMutants, ...relayMutants, ...outerMutants];
