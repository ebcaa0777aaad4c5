import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { least, problemsOf, read, temporaryFolder } from "./read.ts";

const database = { driver: "memory", dbName: "file", folder: "file" };

describe("precedence", () => {
  test("the command line goes before the environment, the environment before the file, the file before the defaults", () => {
    const { config } = read({
      words: ["--database.driver=lowdb"],
      environment: { database__driver: "postgres", database__dbName: "env" },
      file: { ...least, database },
    });

    expect(config.database).toMatchObject({ driver: "lowdb", dbName: "env", folder: "file" });
    expect(config.infrastructure.httpServer.authentication).toEqual({});
    expect(config.modules.sync).toMatchObject({ enabled: false, interval: 60 });
  });

  test("a file named on the command line goes before one named by the environment, and that before config.json", () => {
    const folder = temporaryFolder();
    const named = (name: string) => {
      const path = join(folder, `${name}.json`);
      writeFileSync(path, JSON.stringify({ ...least, database: { ...database, dbName: name } }));
      return path;
    };
    const [line, environment] = [named("line"), named("environment")];
    named("config");
    const nameFor = (words: string[], CUSTOM_CONFIG_LOCATION = "") =>
      read({ folder, words, environment: { CUSTOM_CONFIG_LOCATION } }).config.database.dbName;

    expect(nameFor(["--config", line], environment)).toBe("line");
    expect(nameFor([`-c`, line], environment)).toBe("line");
    expect(nameFor([`--config=${line}`])).toBe("line");
    expect(nameFor([], environment)).toBe("environment");
    expect(nameFor([])).toBe("config");
  });

  test("objects are joined, lists are replaced", () => {
    const httpServer = { host: ["::1"], cors: { origin: "https://a.example", credentials: true } };

    const { config } = read({
      file: { ...least, infrastructure: { httpServer } },
      environment: { infrastructure__httpServer__host: '["127.0.0.1"]', infrastructure__httpServer__cors__origin: "*" },
    });

    expect(config.infrastructure.httpServer.host).toEqual(["127.0.0.1"]);
    expect(config.infrastructure.httpServer.cors).toEqual({ origin: "*", credentials: true });
  });

  test("what lies deeper goes before what lies above it in the same source", () => {
    const environment = { modules__sync__interval: "5", modules: '{"sync":{"enabled":true,"interval":9}}' };

    expect(read({ file: least, environment }).config.modules.sync).toMatchObject({ enabled: true, interval: 5 });
  });
});

describe("names", () => {
  test.for([
    ["DATABASE_NAME", "shop", (c: Config) => c.database.dbName],
    ["DATABASE_CONNECTION_STRING", "postgres://h/d", (c: Config) => c.database.connectionString],
    ["PLATFORM_CLIENT_ID", "client", (c: Config) => c.transportLibrary.platformClientId],
    ["PLATFORM_CLIENT_SECRET", "s3cret", (c: Config) => c.transportLibrary.platformClientSecret],
    ["API_KEY", "some-key", (c: Config) => c.infrastructure.httpServer.apiKey],
    ["database__dbName", "two", (c: Config) => c.database.dbName],
    ["database:dbName", "colon", (c: Config) => c.database.dbName],
    ["transportLibrary__platformAdditionalHeaders__X-Tenant", "a", headerOf],
  ] as const)("%s in the environment", ([name, value, at]) => {
    expect(at(read({ file: least, environment: { [name]: value } }).config)).toBe(value);
  });

  test("SYNC_ENABLED and DEBUG are switches; what other programs want of DEBUG is theirs", () => {
    const environment = { SYNC_ENABLED: "true", DEBUG: "false" };

    expect(read({ file: least, environment }).config.modules.sync.enabled).toBe(true);
    expect(read({ file: least, environment }).config.debug).toBe(false);
    expect(read({ file: least, environment: { DEBUG: "express:*" } }).config.debug).toBe(true);
  });

  test("a full name goes before its alias", () => {
    const environment = { database__dbName: "full", DATABASE_NAME: "alias" };

    expect(read({ file: least, environment }).config.database.dbName).toBe("full");
  });

  test.for([
    [["--database.dbName=a"]],
    [["--database:dbName", "a"]],
    [["--database__dbName=a"]],
    [["--database", '{"dbName":"a"}']],
  ])("%j on the command line", ([words = []]) => {
    expect(read({ file: least, words }).config.database.dbName).toBe("a");
  });

  test("there are shorter options, switches without a value, and lists by repeating", () => {
    const words = ["--port", "4444", "--host", "::1", "--host", "127.0.0.1", "--modules.sync.enabled", "--json"];

    const { config, json } = read({ file: least, words });

    expect(config.infrastructure.httpServer).toMatchObject({ port: 4444, host: ["::1", "127.0.0.1"] });
    expect({ sync: config.modules.sync.enabled, json }).toEqual({ sync: true, json: true });
  });

  test("a name with dots in it is given with colons", () => {
    const words = [`--pinnedTLSCertificateSHA256Fingerprints:relay.example`, `["${"ab".repeat(32)}"]`];
    const https = { ...least.transportLibrary, baseUrl: "https://relay.example" };

    const { config } = read({ file: { ...least, transportLibrary: https }, words });

    expect(config.pinnedTLSCertificateSHA256Fingerprints).toEqual({ "relay.example": ["ab".repeat(32)] });
  });

  test("what does not begin with a key of ours is somebody else's", () => {
    const environment = {
      PATH: "/bin",
      npm_config_x: "1",
      databases__x: "1",
      Database__driver: "x",
      RAPPORT_STORE_KEY: "k",
    };

    expect(read({ file: least, environment }).config.database.driver).toBe("sqlite");
  });
});

describe("values", () => {
  test("are JSON where they are JSON, and texts stay as they were written where texts are wanted", () => {
    const environment = { API_KEY: "0123456789012345678901", DATABASE_NAME: "1e3", PLATFORM_CLIENT_ID: "true" };

    const { config } = read({ file: least, environment });

    expect(config.infrastructure.httpServer.apiKey).toBe("0123456789012345678901");
    expect(config.database.dbName).toBe("1e3");
    expect(config.transportLibrary.platformClientId).toBe("true");
  });

  test("an empty variable is none", () => {
    expect(read({ file: least, environment: { API_KEY: "" } }).config.infrastructure.httpServer.apiKey).toBe(undefined);
  });

  test.for([
    ["modules__sync__enabled", "yes", true],
    ["modules__sync__enabled", "1", true],
    ["modules__sync__enabled", "off", false],
  ] as const)("%s=%s", ([name, value, wanted]) => {
    expect(read({ file: least, environment: { [name]: value } }).config.modules.sync.enabled).toBe(wanted);
  });

  test("levels have their older names, too", () => {
    const level = (logging: object) => read({ file: { ...least, logging } }).config.logging.level;
    const categories = { default: { appenders: ["console"], level: "WARN" } };

    expect(level({})).toBe("info");
    expect(level({ level: "OFF" })).toBe("silent");
    expect(level({ appenders: { console: { type: "stdout" } }, categories })).toBe("warn");
    expect(level({ level: "debug", categories })).toBe("debug");
  });
});

describe("mistakes", () => {
  test("are told all at once, each with its path, what is wrong, and where it stands", () => {
    const problems = problemsOf({
      words: ["--infrastructure.httpServer.port=99999", "--nonsense=1", "stray"],
      environment: { database__drivr: "sqlite", modules__sync__interval: "soon" },
      file: { transportLibrary: { baseUrl: "ftp://x", platformClientId: 7 }, colour: "red" },
    });

    expect(problems.toSorted()).toEqual(
      [
        '"stray" is not an option (command line)',
        "colour is not a key of the configuration (config.json)",
        'database.drivr is not a key of the configuration; did you mean "database.driver"? (environment variable database__drivr)',
        "infrastructure.httpServer.port must be a whole number from 0 to 65535 (--infrastructure.httpServer.port)",
        "modules.sync.interval must be a whole number from 1 to 86400 (environment variable modules__sync__interval)",
        "nonsense is not a key of the configuration (--nonsense)",
        "transportLibrary.baseUrl must be http(s)://host[:port][/path], without credentials and query (config.json)",
        "transportLibrary.platformClientId must be a text (config.json)",
        "transportLibrary.platformClientSecret is missing (set it in a file, as transportLibrary__platformClientSecret, or as --transportLibrary:platformClientSecret)",
      ].toSorted(),
    );
  });

  test.for([
    ["mongodb", /^database.driver is "mongodb".*postgres.*sqlite.*database\.folder/],
    ["lokijs", /^database.driver is "lokijs".*lowdb.*memory/],
    ["oracle", /^database.driver must be sqlite, postgres, lowdb or memory/],
  ] as const)("the driver %s names what there is instead", ([driver, wanted]) => {
    const [problem = "", ...others] = problemsOf({ file: { ...least, database: { driver } } });

    expect(problem).toMatch(wanted);
    expect(others).toEqual([]);
  });

  test("a file that is missing, is no JSON or no object is said with its name and nothing of what is in it", () => {
    expect(problemsOf({ words: ["-c", "/nowhere/x.json"] })[0]).toBe("cannot be read (/nowhere/x.json)");
    expect(problemsOf({ file: '{"a": "s3cret' })[0]).toBe("is not JSON (config.json)");
    expect(problemsOf({ file: [1] })[0]).toBe("must have one JSON object (config.json)");
  });

  test("names that lead to prototypes are refused, and reach none", () => {
    const problems = problemsOf({
      file: `{"debug":true,"__proto__":{"polluted":1},"accounts":{"a":{"prefix":"/a","constructor":{"x":1}}},"transportLibrary":${JSON.stringify(least.transportLibrary)}}`,
      environment: { database__constructor__polluted: "1", modules: '{"__proto__":{"polluted":1}}' },
      words: ["--database.constructor.prototype.polluted=1"],
    });

    expect(problems.filter((line) => line.includes("is a name that no object may have")).length).toBeGreaterThanOrEqual(
      4,
    );
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(({} as Record<string, unknown>)["polluted"]).toBe(undefined);
  });

  test("postgres without an address, certificates for nobody, and prefixes that meet", () => {
    const problems = problemsOf({
      file: {
        ...least,
        database: { driver: "postgres" },
        enforceCertificatePinning: true,
        pinnedTLSCertificateSHA256Fingerprints: { "other.example": ["ab".repeat(32)] },
        accounts: {
          a: { prefix: "/x" },
          b: { prefix: "/X" },
          c: { prefix: "/api" },
          d: { prefix: "/d", apiKeys: ["k"] },
        },
      },
    }).map((line) => line.replace(/ \(config\.json\)$/, ""));

    expect(problems).toEqual([
      expect.stringMatching(/^pinnedTLS\S+other\.example is not the host of the relay/),
      "enforceCertificatePinning is on, but no certificate is pinned for relay.example",
      expect.stringMatching(/^database.connectionString is missing: postgres needs it/),
      "accounts.b.prefix is also the prefix of accounts.a",
      "accounts.c.prefix is the beginning of a route; choose another",
      'accounts.d.apiKeys names the API key "k", which is not there',
    ]);
  });

  test("nobody listens in production without a way to prove who calls, nor with docs", () => {
    const file = { ...least, debug: false, modules: { coreHttpApi: { docs: { enabled: true } } } };

    expect(problemsOf({ file, serves: true }).map((line) => line.split(" ")[0])).toEqual([
      "infrastructure.httpServer.authentication",
      "modules.coreHttpApi.docs.enabled",
    ]);
    expect(read({ file }).config.debug).toBe(false);
  });

  test("no message repeats a value", () => {
    const secret = "s3cret-value";
    const text = problemsOf({
      file: {
        ...least,
        infrastructure: { httpServer: { apiKey: [secret], authentication: { oidc: secret } } },
        accounts: secret,
      },
      environment: { database__driver: secret, infrastructure__httpServer__port: secret },
    }).join("\n");

    expect(text).not.toContain(secret);
  });
});

type Config = ReturnType<typeof read>["config"];

function headerOf({ transportLibrary }: Config): string | undefined {
  return transportLibrary.platformAdditionalHeaders?.["X-Tenant"];
}
