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
export { createWorld, type World, type WorldOptions } from "./world.ts";
