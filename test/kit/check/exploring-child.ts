// The other thread: explores the scenes that it is told, one at a time.
import { parentPort, workerData } from "node:worker_threads";
import { exploreScene } from "./scene-report.ts";
import { scenes } from "./scenes.ts";
import type { HandAnswer, HandOptions } from "./threads.ts";

const options = workerData as HandOptions;

parentPort?.on("message", (name: string) => {
  const say = (answer: HandAnswer) => parentPort?.postMessage(answer);
  const scene = scenes.find((one) => one.name === name);
  if (scene === undefined) return say({ problem: `There is no scene "${name}".` });
  exploreScene(scene, options).then(
    (report) => say({ report }),
    (problem: unknown) =>
      say({ problem: problem instanceof Error ? (problem.stack ?? problem.message) : String(problem) }),
  );
});
