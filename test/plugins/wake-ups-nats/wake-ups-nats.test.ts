import { randomBytes } from "node:crypto";
import { connect } from "@nats-io/transport-node";
import { createNatsWakeUps } from "rapport/plugins/wake-ups-nats";
import { expect, test } from "vitest";
import { connectInstalledDriver, loadNats } from "../../../plugins/wake-ups-nats/driver.ts";
import { wakeUpsContract } from "../../kit/contracts/wake-ups.ts";
import { breakableLineTo } from "../breakable-line.ts";
import { service } from "../services.ts";

const servers = process.env["RAPPORT_TEST_NATS"] ?? "nats://127.0.0.1:4222";
const nats = await service("NATS", async () => {
  await (await connect({ servers, reconnect: false, timeout: 5_000 })).close();
});

nats.describe(() => {
  wakeUpsContract("wake-ups-nats", {
    place: async () => {
      const { hostname, port } = new URL(servers);
      const line = await breakableLineTo(hostname, Number(port || 4222));
      const subject = `rapport.test.${randomBytes(6).toString("hex")}`;
      return {
        wakeUps: () => createNatsWakeUps({ servers: `127.0.0.1:${line.port}`, subject }),
        breakAll: line.breakAll,
        remove: line.close,
      };
    },
  });

  test("closing after the server has gone for good comes to an end", async () => {
    const { hostname, port } = new URL(servers);
    const line = await breakableLineTo(hostname, Number(port || 4222));
    const wakeUps = createNatsWakeUps({ servers: `127.0.0.1:${line.port}` });
    await wakeUps.open(() => {});
    await line.close();

    wakeUps.tell(["nobody hears it"]);

    expect(await wakeUps[Symbol.asyncDispose]()).toBeUndefined();
  });
});

test("a server that does not answer at the start is a fault", async () => {
  await expect(createNatsWakeUps({ servers: "127.0.0.1:1" }).open(() => {})).rejects.toMatchObject({
    code: "plugin.failed",
  });
});

test("without the package the fault says how to install it", async () => {
  const missing = () =>
    Promise.reject(Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" }));

  await expect(connectInstalledDriver("127.0.0.1:4222", () => loadNats(missing))).rejects.toMatchObject({
    code: "plugin.failed",
    message: expect.stringContaining("npm install @nats-io/transport-node"),
  });
});
