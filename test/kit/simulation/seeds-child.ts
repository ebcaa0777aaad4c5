// One thread of many seeds: a seed comes in, what came of it goes out.
import { parentPort } from "node:worker_threads";
import type { SeedJob } from "./seeds.ts";
import { simulate } from "./simulate.ts";

parentPort?.on("message", async (job: SeedJob) => {
  parentPort?.postMessage(await simulate(job));
});
