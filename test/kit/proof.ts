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
export { createWorld, type World, type WorldOptions } from "./world.ts";
