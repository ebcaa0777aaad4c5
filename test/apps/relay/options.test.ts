import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { RapportError } from "rapport";
import { describe, expect, test } from "vitest";
import { readOptions } from "../../../src/apps/relay/options.ts";
import { placesOf, withoutPassword } from "../../../src/apps/relay/places.ts";
import { relayUsage } from "../../../src/apps/relay/usage.ts";
import { temporaryFolder } from "../cli/told.ts";

function fileWith(content: unknown): string {
  const file = join(temporaryFolder(), "relay.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

function problemOf(words: readonly string[], environment: Record<string, string> = {}): string {
  try {
    readOptions(words, environment);
  } catch (problem) {
    if (problem instanceof RapportError && problem.code === "input.invalid") return problem.message;
    throw problem;
  }
  throw new Error("nothing was wrong");
}

describe("precedence", () => {
  test("flags go before the environment, the environment before the file, the file before the defaults", () => {
    const config = fileWith({ port: 1, hostName: "file.example", store: "memory", log: "debug" });
    const environment = { RAPPORT_RELAY_PORT: "2", RAPPORT_RELAY_HOST_NAME: "env.example" };

    const { settings } = readOptions(["--config", config, "--port", "3"], environment);

    expect(settings).toMatchObject({
      port: 3,
      hostName: "env.example",
      store: "memory",
      log: "debug",
      trustProxy: false,
    });
  });

  test("the file may be named by the environment, and alone has room for quotas", () => {
    const quotas = [{ metric: "NumberOfFiles", max: 3, period: "Day" }];

    const { settings } = readOptions([], { RAPPORT_RELAY_CONFIG: fileWith({ quotas, trustProxy: true }) });

    expect(settings).toMatchObject({ quotas, trustProxy: true, port: 4300, store: "sqlite:rapport-relay.db" });
  });

  test("lists are repeated flags, or texts with commas in the environment", () => {
    const words = ["--client", "a:1", "--client", "b:2:3", "--host", "0.0.0.0"];
    const environment = { RAPPORT_RELAY_CLIENT: "c:4,d:5", RAPPORT_RELAY_TRUST_PROXY: "true" };

    const flags = readOptions(words, {}).settings;
    const variables = readOptions([], environment).settings;

    expect(flags.client).toEqual([
      { id: "a", secret: "1" },
      { id: "b", secret: "2:3" },
    ]);
    expect(flags.host).toEqual(["0.0.0.0"]);
    expect(variables.client.map(({ id }) => id)).toEqual(["c", "d"]);
    expect(variables.trustProxy).toBe(true);
  });
});

describe("mistakes", () => {
  test("are listed all at once, each with the place where it stands", () => {
    const config = fileWith({ recipients: "many", colour: "red", quotas: [{ metric: "Joy", max: 1, period: "Day" }] });

    const problem = problemOf(["--config", config, "--port", "70000"], { RAPPORT_RELAY_LOG: "loud" });

    expect(problem).toContain("--port must be a whole number from 0 to 65535");
    expect(problem).toContain("RAPPORT_RELAY_LOG must be");
    expect(problem).toContain(`"recipients" in ${config} must be a whole number`);
    expect(problem).toContain(`"colour" in ${config} is not an option`);
    expect(problem).toContain(`"quotas" in ${config} (0.metric)`);
  });

  test.for([
    ["192.168.0.1", /IP address/],
    ["::1", /IP address/],
    ["Relay.Example", /lower-case/],
    ["relay.example1", /letters alone/],
    ["a", /3 to 45/],
    [`${"a".repeat(42)}.org`, /3 to 45/],
  ] as const)("the host name %s is refused with the reason", ([name, reason]) => {
    expect(problemOf(["--host-name", name])).toMatch(reason);
  });

  test.for([
    [["--store", "mysql:x"]],
    [["--store", "sqlite:"]],
    [["--client", "id"]],
    [["--client", ":secret"]],
    [["--admin-key", "short"]],
    [["--base-url", "https://relay.example/"]],
    [["--base-url", "relay.example"]],
    [["--config", "/nowhere/relay.json"]],
    [["--colour"]],
    [["extra"]],
    [["--port"]],
    [["--rate-limit", "-1"]],
    [["--rate-limit", "1.5"]],
  ])("%j is refused", ([words]) => {
    expect(problemOf(words ?? [])).toMatch(/^.+\.$/);
  });

  test("a broken file is named, and nothing of it is repeated", () => {
    const config = fileWith('{ "adminKey": "very-secret-operators-key" ');

    const problem = problemOf(["--config", config]);

    expect(problem).toContain(config);
    expect(problem).not.toContain("very-secret");
  });
});

describe("places", () => {
  test("files of a SQLite relay are beside it unless told otherwise, those of a memory relay nowhere", async () => {
    const beside = await placesOf({ store: "sqlite:/tmp/a.db" });
    const told = await placesOf({ store: "sqlite:/tmp/a.db", blobs: "/tmp/b" });
    const nowhere = await placesOf({ store: "memory" });

    expect([beside, told, nowhere].map(({ says }) => says.files)).toEqual(["/tmp/a.db.files", "/tmp/b", "memory"]);
  });

  test("addresses are shown without their passwords", () => {
    expect(withoutPassword("postgres://me:secret@db.example/relay")).toBe("postgres://me@db.example/relay");
    expect(withoutPassword("postgres://db.example/relay")).toBe("postgres://db.example/relay");
  });
});

test("the help has every option", () => {
  const { settings } = readOptions(["--help"], {});

  expect(Object.keys(settings).length).toBeGreaterThan(5);
  for (const flag of [
    "--port",
    "--host-name",
    "--base-url",
    "--store",
    "--blobs",
    "--nats",
    "--client",
    "--admin-key",
  ]) {
    expect(relayUsage).toContain(flag);
  }
});
