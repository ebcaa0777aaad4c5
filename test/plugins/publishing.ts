// What every broker's publisher owes, and private servers to prove it on.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PublishedEvent, PublisherPort } from "rapport/core";

/** One event of an entity, as the engine would hand it out. */
export function eventOf(entity: string, number: number): PublishedEvent {
  return {
    id: `acc-${entity}-${number}`,
    account: "did:e:test",
    accountName: "test",
    name: "consumption.incomingRequestReceived",
    at: "2030-01-01T00:00:00.000Z",
    data: { entity, number },
    correlationId: `cause-${number}`,
    attempt: 1,
  };
}

/** Publishes the events of each entity in their order, each until it is taken, as the engine does; entities side by side. */
export async function publishAll(
  publisher: PublisherPort,
  work: { readonly entities: readonly string[]; readonly count: number; readonly taken?: (number: number) => unknown },
): Promise<number> {
  let failures = 0;
  const lane = async (entity: string) => {
    for (let number = 0; number < work.count; number += 1) {
      for (let isTaken = false; !isTaken; ) {
        isTaken = await publisher.publish(eventOf(entity, number), publisher.name).then(
          () => true,
          () => false,
        );
        if (!isTaken) {
          failures += 1;
          await shortly();
        }
      }
      await work.taken?.(number);
    }
  };
  await Promise.all(work.entities.map(lane));
  return failures;
}

/** The numbers as they arrived, without immediate and later repeats; in order if nothing overtook anything. */
export function firstArrivals(heard: readonly { readonly entity: string; readonly number: number }[], entity: string) {
  return [...new Set(heard.filter((one) => one.entity === entity).map(({ number }) => number))];
}

/** 0, 1, 2, ... */
export function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Waits until something holds; a test that waits for ever is ended by its time limit. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await shortly();
}

function shortly(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}

/** A server program of our own, that can be killed and started again on the same port. */
export interface OwnServer extends AsyncDisposable {
  readonly port: number;
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Starts a program on a free port; `undefined` when it is not installed. */
export async function ownServer(
  command: string,
  argumentsFor: (port: number, folder: string) => readonly string[],
): Promise<OwnServer | undefined> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "rapport-server-"));
  let child: ChildProcess | undefined;
  const start = async () => {
    const started = spawn(command, argumentsFor(port, folder), { stdio: "ignore", cwd: folder });
    child = started;
    await new Promise<void>((resolve, reject) => {
      started.once("error", reject);
      started.once("exit", () => reject(new Error(`${command} ended at once.`)));
      answers(port).then(resolve, reject);
    });
  };
  const kill = async () => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const gone = new Promise((resolve) => ending.once("exit", resolve));
    ending.kill("SIGKILL");
    await gone;
  };
  try {
    await start();
  } catch {
    await kill();
    await rm(folder, { recursive: true, force: true });
    return undefined;
  }
  return {
    port,
    kill,
    start,
    [Symbol.asyncDispose]: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isThere) return;
    await shortly();
  }
  throw new Error("The server does not answer.");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
