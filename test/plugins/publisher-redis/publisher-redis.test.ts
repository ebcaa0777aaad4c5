import { randomBytes } from "node:crypto";
import { createRedisPublisher } from "rapport/plugins/publisher-redis";
import { createClient } from "redis";
import { expect, test } from "vitest";
import { connectInstalledDriver, loadRedis } from "../../../plugins/publisher-redis/driver.ts";
import { breakableLineTo } from "../breakable-line.ts";
import { brokerContract, type Heard } from "../publisher-contract.ts";
import { eventOf, ownServer, publishAll, until } from "../publishing.ts";
import { service } from "../services.ts";

const url = process.env["RAPPORT_TEST_REDIS"] ?? "redis://127.0.0.1:6379";
const { hostname, port } = new URL(url);

async function connected(at: string) {
  const client = createClient({ url: at, socket: { reconnectStrategy: false, connectTimeout: 5_000 } });
  client.on("error", () => undefined);
  return client.connect();
}

const redis = await service("Redis", async () => (await connected(url)).destroy());

async function listener(at: string, channel: string) {
  const heard: Heard[] = [];
  const client = await connected(at);
  await client.subscribe(channel, (message) => heard.push(JSON.parse(message)));
  return { heard, close: () => client.destroy() };
}

redis.describe(() => {
  brokerContract("publisher-redis", async () => {
    const channel = `test.${randomBytes(6).toString("hex")}`;
    const line = await breakableLineTo(hostname, Number(port || 6379));
    const { heard, close } = await listener(url, channel);
    const publisher = createRedisPublisher({
      url: `redis://127.0.0.1:${line.port}`,
      shape: { names: () => [channel] },
    });
    return {
      publisher,
      heard,
      breakAll: line.breakAll,
      cut: line.cut,
      restore: line.restore,
      [Symbol.asyncDispose]: async () => {
        await publisher[Symbol.asyncDispose]();
        close();
        await line.close();
      },
    };
  });

  test("the channel is the event's name", async () => {
    const { heard, close } = await listener(url, "consumption.incomingRequestReceived");
    await using publisher = createRedisPublisher({ url });
    const mine = `one-${randomBytes(6).toString("hex")}`;

    await publisher.publish(eventOf(mine, 1), publisher.name);
    await until(() => heard.some(({ entity }) => entity === mine));
    close();

    expect(heard).toContainEqual({ entity: mine, number: 1 });
  });

  test("a server that is killed and started again takes what comes afterwards", async () => {
    const server = await ownServer("redis-server", (own) => [
      "--port",
      String(own),
      "--bind",
      "127.0.0.1",
      "--save",
      "",
    ]);
    if (server === undefined) throw new Error("redis-server is not installed.");
    await using own = server;
    const at = `redis://127.0.0.1:${own.port}`;
    await using publisher = createRedisPublisher({ url: at, timeoutMs: 2_000 });
    const before = await listener(at, "consumption.incomingRequestReceived");
    let after: Awaited<ReturnType<typeof listener>> | undefined;

    await publishAll(publisher, {
      entities: ["a"],
      count: 20,
      taken: async (number) => {
        if (number !== 9) return;
        await own.kill();
        await own.start();
        after = await listener(at, "consumption.incomingRequestReceived");
      },
    });
    await until(() => after?.heard.length === 10);
    before.close();
    after?.close();

    expect([...before.heard, ...(after?.heard ?? [])].map(({ number }) => number)).toEqual(
      Array.from({ length: 20 }, (_, index) => index),
    );
  });
});

test("without the package the fault says how to install it", async () => {
  const missing = () => Promise.reject(new Error("Cannot find package"));

  await expect(connectInstalledDriver(url, 1_000, () => loadRedis(missing))).rejects.toMatchObject({
    code: "plugin.failed",
    message: expect.stringContaining("npm install redis"),
  });
});
