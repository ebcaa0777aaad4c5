// The door "rapport/proof": what can be proved about Rapport and about rules, without a test runner (docs/proof.md).
export { createWorld, type World, type WorldOptions } from "./world.ts";
