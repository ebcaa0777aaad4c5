// The door "rapport/proof": what can be proved about Rapport and about rules, without a test runner (docs/proof.md).
export {
  type CheckOptions,
  type CheckReport,
  type Coverage as CheckCoverage,
  checkProtocol,
  type SceneReport,
  sceneNames,
  type Violation,
} from "./check/check.ts";
export type { JudgedItem, JudgedRequest, Outcome } from "./proving/judging.ts";
export { readPropertyFile } from "./proving/properties.ts";
export type { PropertyConfig, PropertyFunction, Texts, When } from "./proving/property.ts";
export {
  type CounterExample,
  type Proof,
  type ProvenProperty,
  type ProveOptions,
  proveRules,
} from "./proving/proving.ts";
export { type SeedsOptions, type SeedsReport, simulateSeeds } from "./simulation/seeds.ts";
export { type SimulateOptions, type SimulationResult, simulate } from "./simulation/simulate.ts";
export type { Finding as SimulationFinding, SimulationOptions, SimulationReport } from "./simulation/simulation.ts";
export { stepsIn } from "./simulation/step-ranges.ts";
export { createWorld, type World, type WorldOptions } from "./world.ts";
