// Another thread that explores scenes, one after the other.
import { Worker } from "node:worker_threads";
import type { SceneReport } from "./scene-report.ts";

/** How far every scene is explored. */
export interface HandOptions {
  readonly deep: boolean;
  readonly statesMax: number;
}

/** A thread at work. */
export interface Hand {
  explore(scene: string): Promise<SceneReport>;
  end(): Promise<unknown>;
}

/** What the thread answers. */
export type HandAnswer = { readonly report: SceneReport } | { readonly problem: string };

/** Starts a thread. It runs the file beside this one, as it is: source where this is source. */
export function startHand(options: HandOptions): Hand {
  const file = import.meta.url.endsWith(".ts") ? "./exploring-child.ts" : "./exploring-child.js";
  const worker = new Worker(new URL(file, import.meta.url), { workerData: options });
  return {
    explore: (scene) =>
      new Promise((resolve, reject) => {
        worker.once("error", reject);
        worker.once("message", (answer: HandAnswer) => {
          worker.off("error", reject);
          if ("report" in answer) resolve(answer.report);
          else reject(new Error(answer.problem));
        });
        worker.postMessage(scene);
      }),
    end: () => worker.terminate(),
  };
}
