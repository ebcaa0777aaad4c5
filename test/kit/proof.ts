// The door "rapport/proof": what can be proved about Rapport and about rules, without a test runner (docs/proof.md).
export {
  type CheckOptions,
  type CheckReport,
  checkProtocol,
  type Coverage as CheckCoverage,
  type SceneReport,
  sceneNames,
  type Violation,
} from "./check/check.ts";
export { type SeedsOptions, type SeedsReport, simulateSeeds } from "./simulation/seeds.ts";
export { type SimulateOptions, type SimulationResult, simulate } from "./simulation/simulate.ts";
export type { Finding as SimulationFinding, SimulationOptions, SimulationReport } from "./simulation/simulation.ts";
export { stepsIn } from "./simulation/step-ranges.ts";
export { createWorld, type World, type WorldOptions } from "./world.ts";
