import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { fault, type PasswordCost } from "rapport/core";

/** Each job takes over 100 ms and 20 MiB one after the other; more than this waiting is half a minute and a mistake. */
const jobsMax = 256;

/** The thread and its memory are given back after this much quiet. */
const idleMs = 10_000;

/** Plain JavaScript as text, so that it runs the same from source and from dist. */
const workerSource = `
const { parentPort, workerData } = require("node:worker_threads");
const loading = import(workerData.library).then(({ default: sodium }) => sodium.ready.then(() => sodium));
parentPort.on("message", ({ job, password, salt, cost }) => {
  loading
    .then((sodium) => {
      const algorithm = sodium.crypto_pwhash_ALG_ARGON2ID13;
      return sodium.crypto_pwhash(32, password, salt, cost.passes, cost.memoryBytes, algorithm);
    })
    .then((hash) => parentPort.postMessage({ job, hash }))
    .catch((problem) => parentPort.postMessage({ job, problem: String(problem) }));
});
`;

interface Job {
  readonly resolve: (hash: Uint8Array) => void;
  readonly reject: (problem: Error) => void;
}

type Reply = { readonly job: number; readonly hash?: Uint8Array; readonly problem?: string };

/** Argon2id off the main thread. The thread starts with the first job and alone never keeps the process alive. */
export function createPasswordWorker() {
  const jobs = new Map<number, Job>();
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let nextJob = 0;

  const stop = async () => {
    const stopping = worker;
    worker = undefined;
    clearTimeout(idle);
    await stopping?.terminate();
  };

  const rest = () => {
    worker?.unref();
    idle = setTimeout(stop, idleMs).unref();
  };

  const settle = ({ job, hash, problem }: Reply) => {
    const waiting = jobs.get(job);
    jobs.delete(job);
    if (jobs.size === 0) rest();
    if (hash === undefined) waiting?.reject(new Error(`Argon2id failed: ${problem}`));
    else waiting?.resolve(hash);
  };

  const failAll = (cause: unknown) => {
    worker = undefined;
    for (const [job, { reject }] of [...jobs]) {
      jobs.delete(job);
      reject(new Error("The password thread ended before it answered.", { cause }));
    }
  };

  const start = (): Worker => {
    const library = pathToFileURL(createRequire(import.meta.url).resolve("libsodium-wrappers-sumo")).href;
    const started = new Worker(workerSource, { eval: true, workerData: { library } });
    started.on("message", settle);
    started.on("error", (cause) => worker === started && failAll(cause));
    started.on("exit", (code) => worker === started && failAll(code));
    return started;
  };

  const hash = (password: Uint8Array, salt: Uint8Array, cost: PasswordCost): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      if (jobs.size >= jobsMax) {
        reject(fault("limit.reached", "Too many passwords wait to be hashed. Repeat later.", { details: { jobsMax } }));
        return;
      }
      clearTimeout(idle);
      worker ??= start();
      worker.ref();
      const job = nextJob++;
      jobs.set(job, { resolve, reject });
      worker.postMessage({ job, password, salt, cost });
    });

  const close = async () => {
    const stopped = stop();
    failAll("closed");
    await stopped;
  };

  return { hash, close };
}
