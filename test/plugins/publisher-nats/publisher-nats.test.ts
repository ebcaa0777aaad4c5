import { randomBytes } from "node:crypto";
import { connect } from "@nats-io/transport-node";
import { createNatsPublisher } from "rapport/plugins/publisher-nats";
import { expect, test } from "vitest";
import { connectInstalledDriver, loadNats } from "../../../plugins/publisher-nats/driver.ts";
import { breakableLineTo } from "../breakable-line.ts";
import { brokerContract, type Heard } from "../publisher-contract.ts";
import { eventOf, firstArrivals, ownServer, publishAll, until, upTo } from "../publishing.ts";
import { service } from "../services.ts";

const servers = process.env["RAPPORT_TEST_NATS"] ?? "nats://127.0.0.1:4222";
const { hostname, port } = new URL(servers);
const nats = await service("NATS", async () => {
  await (await connect({ servers, reconnect: false, timeout: 5_000 })).close();
});

async function listener(at: string, subject: string) {
  const heard: Heard[] = [];
  const headers: Record<string, string>[] = [];
  const connection = await connect({ servers: at, reconnectTimeWait: 20, maxReconnectAttempts: -1 });
  connection.subscribe(subject, {
    callback: (_problem, message) => {
      heard.push(message.json<Heard>());
      const fields = message.headers;
      headers.push(Object.fromEntries((fields?.keys() ?? []).map((key) => [key, fields?.get(key) ?? ""])));
    },
  });
  await connection.flush();
  return { heard, headers, close: () => connection.close() };
}

nats.describe(() => {
  brokerContract("publisher-nats", async () => {
    const subject = `test.${randomBytes(6).toString("hex")}.event`;
    const line = await breakableLineTo(hostname, Number(port || 4222));
    const { heard, close } = await listener(servers, subject);
    const publisher = createNatsPublisher({
      url: `nats://127.0.0.1:${line.port}`,
      shape: { names: () => [subject] },
    });
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

  test("the subject is the event's name; id, account and cause are headers", async () => {
    const { heard, headers, close } = await listener(servers, "consumption.incomingRequestReceived");
    await using publisher = createNatsPublisher({ url: servers });
    const mine = `one-${randomBytes(6).toString("hex")}`;

    await publisher.publish(eventOf(mine, 1), publisher.name);
    await until(() => heard.some(({ entity }) => entity === mine));
    await close();

    expect(headers[heard.findIndex(({ entity }) => entity === mine)]).toMatchObject({
      "Nats-Msg-Id": `acc-${mine}-1`,
      account: "did:e:test",
      "x-correlation-id": "cause-1",
    });
  });

  test("a server that is killed and started again gets everything that it did not confirm", async () => {
    const server = await ownServer("nats-server", (own) => ["-p", String(own), "-a", "127.0.0.1"]);
    if (server === undefined) throw new Error("nats-server is not installed.");
    await using own = server;
    await using publisher = createNatsPublisher({ url: `nats://127.0.0.1:${own.port}`, timeoutMs: 2_000 });
    const { heard, close } = await listener(`127.0.0.1:${own.port}`, "consumption.>");

    await publishAll(publisher, {
      entities: ["a"],
      count: 20,
      taken: async (number) => {
        if (number !== 9) return;
        await until(() => heard.length === 10);
        await own.kill();
        await own.start();
      },
    });
    await close();

    // Core NATS keeps nothing for a listener that is connecting again, but what came is in order.
    const arrived = firstArrivals(heard, "a");
    expect(arrived).toEqual(arrived.toSorted((one, other) => one - other));
    expect(arrived).toEqual(expect.arrayContaining([...upTo(10)]));
  });
});

test("without the package the fault says how to install it", async () => {
  const missing = () => Promise.reject(new Error("Cannot find package"));

  await expect(connectInstalledDriver("127.0.0.1:4222", 1_000, () => loadNats(missing))).rejects.toMatchObject({
    code: "plugin.failed",
    message: expect.stringContaining("npm install @nats-io/transport-node"),
  });
});
