import { randomBytes } from "node:crypto";
import { type ConsumeMessage, connect } from "amqplib";
import { createAmqpPublisher } from "rapport/plugins/publisher-amqp";
import { expect, test } from "vitest";
import { connectInstalledDriver, loadAmqp } from "../../../plugins/publisher-amqp/driver.ts";
import { breakableLineTo } from "../breakable-line.ts";
import { brokerContract, type Heard } from "../publisher-contract.ts";
import { eventOf, until } from "../publishing.ts";
import { service } from "../services.ts";

const url = process.env["RAPPORT_TEST_AMQP"] ?? "amqp://127.0.0.1:5672";
const { hostname, port } = new URL(url);
const amqp = await service("AMQP", async () => (await connect(url, { timeout: 5_000 })).close());

/** A queue behind an exchange of its own that is gone with the listener. */
async function listener(exchange: string, routingKey: string) {
  const heard: Heard[] = [];
  const messages: ConsumeMessage[] = [];
  const connection = await connect(url);
  const channel = await connection.createChannel();
  await channel.assertExchange(exchange, "topic", { durable: false, autoDelete: true });
  const { queue } = await channel.assertQueue("", { exclusive: true });
  await channel.bindQueue(queue, exchange, routingKey);
  await channel.consume(
    queue,
    (message) => {
      if (message === null) return;
      messages.push(message);
      heard.push(JSON.parse(message.content.toString()));
    },
    { noAck: true },
  );
  return { heard, messages, close: () => connection.close() };
}

const unique = () => `rapport-test-${randomBytes(6).toString("hex")}`;

amqp.describe(() => {
  brokerContract("publisher-amqp", async () => {
    const exchange = unique();
    const line = await breakableLineTo(hostname, Number(port || 5672));
    const { heard, close } = await listener(exchange, "#");
    const at = new URL(url);
    at.hostname = "127.0.0.1";
    at.port = String(line.port);
    const publisher = createAmqpPublisher({ url: at.href, exchange, timeoutMs: 10_000 });
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

  test("the routing key is the event's name; messages are persistent and carry the event's id", async () => {
    const exchange = unique();
    const { messages, close } = await listener(exchange, "consumption.*");
    await using publisher = createAmqpPublisher({ url, exchange });

    await publisher.publish(eventOf("a", 1), publisher.name);
    await until(() => messages.length === 1);
    await close();

    expect(messages[0]?.fields.routingKey).toBe("consumption.incomingRequestReceived");
    expect(messages[0]?.properties).toMatchObject({
      messageId: "acc-a-1",
      deliveryMode: 2,
      contentType: "application/json",
      correlationId: "cause-1",
      headers: { account: "did:e:test" },
    });
  });

  test("without an exchange the queue of the event's name gets it", async () => {
    const queue = unique();
    const connection = await connect(url);
    const channel = await connection.createChannel();
    await channel.assertQueue(queue, { autoDelete: true });
    await using publisher = createAmqpPublisher({ url, shape: { names: () => [queue] } });

    await publisher.publish(eventOf("a", 1), publisher.name);
    const message = await channel.get(queue, { noAck: true });
    await channel.deleteQueue(queue);
    await connection.close();

    expect(message === false ? "" : message.content.toString()).toBe('{"entity":"a","number":1}');
  });

  test("an exchange that does not exist fails the start, and says so", async () => {
    await using publisher = createAmqpPublisher({ url, exchange: unique() });

    await expect(publisher.open()).rejects.toMatchObject({
      code: "publisher.invalid",
      message: expect.stringContaining("declare it first"),
    });
  });

  test("a broker that says nothing is given up after the time limit, and tried anew", async () => {
    const { createServer } = await import("node:net");
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    const silentPort = typeof address === "object" && address !== null ? address.port : 0;
    await using publisher = createAmqpPublisher({ url: `amqp://127.0.0.1:${silentPort}`, timeoutMs: 100 });

    await expect(publisher.open()).rejects.toMatchObject({ code: "publisher.failed" });
    await expect(publisher.publish(eventOf("a", 0), "")).rejects.toMatchObject({ code: "publisher.failed" });
    silent.close();
  });
});

test("without the package the fault says how to install it", async () => {
  const missing = () => Promise.reject(new Error("Cannot find package"));

  await expect(connectInstalledDriver(url, 1_000, () => loadAmqp(missing))).rejects.toMatchObject({
    code: "plugin.failed",
    message: expect.stringContaining("npm install amqplib"),
  });
});
