import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { connectAsync } from "mqtt";
import { createMqttPublisher } from "rapport/plugins/publisher-mqtt";
import { expect, test } from "vitest";
import { connectInstalledDriver, loadMqtt } from "../../../plugins/publisher-mqtt/driver.ts";
import { breakableLineTo } from "../breakable-line.ts";
import { brokerContract, type Heard } from "../publisher-contract.ts";
import { eventOf, firstArrivals, ownServer, publishAll, until, upTo } from "../publishing.ts";
import { service } from "../services.ts";

const url = process.env["RAPPORT_TEST_MQTT"] ?? "mqtt://127.0.0.1:1883";
const { hostname, port } = new URL(url);
const mqtt = await service("MQTT", async () => {
  await (await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5_000 }, false)).endAsync(true);
});

async function listener(at: string, topic: string) {
  const heard: Heard[] = [];
  const topics: string[] = [];
  const client = await connectAsync(at, {
    reconnectPeriod: 20,
    clientId: `listener-${randomBytes(6).toString("hex")}`,
    clean: false,
  });
  client.on("error", () => undefined);
  client.on("message", (to, payload) => {
    topics.push(to);
    heard.push(JSON.parse(payload.toString()));
  });
  await client.subscribeAsync(topic, { qos: 1 });
  return { client, heard, topics, close: () => client.endAsync(true) };
}

mqtt.describe(() => {
  brokerContract("publisher-mqtt", async () => {
    const topic = `test.${randomBytes(6).toString("hex")}.event`;
    const line = await breakableLineTo(hostname, Number(port || 1883));
    const { heard, close } = await listener(url, topic.replaceAll(".", "/"));
    const publisher = createMqttPublisher({ url: `mqtt://127.0.0.1:${line.port}`, shape: { names: () => [topic] } });
    return {
      publisher,
      heard,
      breakAll: line.breakAll,
      cut: line.cut,
      restore: line.restore,
      [Symbol.asyncDispose]: async () => {
        await publisher[Symbol.asyncDispose]();
        await close();
        await line.close();
      },
    };
  });

  test("the topic is the event's name with slashes for dots", async () => {
    const { heard, topics, close } = await listener(url, "consumption/#");
    await using publisher = createMqttPublisher({ url });
    const mine = `one-${randomBytes(6).toString("hex")}`;

    await publisher.publish(eventOf(mine, 1), publisher.name);
    await until(() => heard.some(({ entity }) => entity === mine));
    await close();

    expect(topics[heard.findIndex(({ entity }) => entity === mine)]).toBe("consumption/incomingRequestReceived");
  });

  test("a broker that is killed and started again takes everything in order", async () => {
    const server = await ownServer("mosquitto", (own, folder) => {
      void writeFile(`${folder}/mosquitto.conf`, "");
      return ["-p", String(own)];
    });
    if (server === undefined) throw new Error("mosquitto is not installed.");
    await using own = server;
    const at = `mqtt://127.0.0.1:${own.port}`;
    await using publisher = createMqttPublisher({ url: at, timeoutMs: 2_000 });
    const before = await listener(at, "consumption/#");
    let after: Awaited<ReturnType<typeof listener>> | undefined;

    await publishAll(publisher, {
      entities: ["a"],
      count: 20,
      taken: async (number) => {
        if (number !== 9) return;
        await until(() => before.heard.length === 10);
        await before.close();
        await own.kill();
        await own.start();
        after = await listener(at, "consumption/#");
      },
    });
    await until(() => firstArrivals(after?.heard ?? [], "a").length === 10);
    await after?.close();

    expect(firstArrivals([...before.heard, ...(after?.heard ?? [])], "a")).toEqual(upTo(20));
  });
});

test("without the package the fault says how to install it", async () => {
  const missing = () => Promise.reject(new Error("Cannot find package"));

  await expect(connectInstalledDriver(url, 1_000, () => loadMqtt(missing))).rejects.toMatchObject({
    code: "plugin.failed",
    message: expect.stringContaining("npm install mqtt"),
  });
});
