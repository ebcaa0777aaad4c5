import { expect, test } from "vitest";
import { createHealth, type HealthProbes } from "../../../src/apps/connector/server/health.ts";
import { openServer } from "./server-stage.ts";
import { openStage } from "./stage.ts";

const well: HealthProbes = { database: async () => true, backbone: async () => ({ answers: true, knowsUs: true }) };
const silent: HealthProbes = { ...well, backbone: async () => ({ answers: false, knowsUs: undefined }) };

test("7.12 a Connector with its store and relay is healthy", async () => {
  await using stage = await openStage();
  const alice = await stage.actor("alice");

  const { status, body } = await alice.call("GET", "/health");

  expect(status).toBe(200);
  expect(body).toEqual({
    isHealthy: true,
    services: { database: "healthy", backboneConnection: "healthy", backboneAuthentication: "healthy" },
  });
});

test("an unhealthy one is 500, but 200 behind the prefix of earlier generations; no key is asked for", async () => {
  await using stage = await openServer({}, { probes: silent, access: { identify: async () => undefined } });

  expect((await stage.call("GET", "/health")).status).toBe(500);
  expect((await stage.call("GET", "/gen/gen3/health")).status).toBe(500);
  expect((await stage.call("GET", "/gen/gen1/health")).status).toBe(200);
  expect((await stage.call("GET", "/gen/gen2/health")).body).toMatchObject({
    isHealthy: false,
    services: { database: "healthy", backboneConnection: "unhealthy" },
  });
});

test("S1: calls at the same time share one look, and another look has to wait", async () => {
  let now = 0;
  let looks = 0;
  const probes = {
    ...well,
    database: async () => {
      looks += 1;
      return true;
    },
  };
  const health = createHealth(probes, () => now);

  await Promise.all([health(), health(), health()]);
  expect(looks).toBe(1);
  now = 500;
  await health();
  expect(looks).toBe(1);
  now = 1_500;
  await health();
  expect(looks).toBe(2);
});

test("that the relay knows us is believed for five minutes of silence", async () => {
  let now = 0;
  let { backbone } = well;
  const health = createHealth({ ...well, backbone: () => backbone() }, () => now);
  const words = async () => (await health()).services;

  await health();
  backbone = silent.backbone;
  now = 60_000;
  expect(await words()).toMatchObject({ backboneConnection: "unhealthy", backboneAuthentication: "healthy" });
  now = 301_000;
  expect(await words()).toMatchObject({ backboneAuthentication: "unhealthy" });
  backbone = async () => ({ answers: true, knowsUs: false });
  now = 303_000;
  expect(await words()).toMatchObject({ backboneConnection: "healthy", backboneAuthentication: "unhealthy" });
});

test("a look that throws found nothing", async () => {
  const health = createHealth({ ...well, database: () => Promise.reject(new Error("gone")) }, () => 0);

  expect(await health()).toMatchObject({ isHealthy: false, services: { database: "unhealthy" } });
});
