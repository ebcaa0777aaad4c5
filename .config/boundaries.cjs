// Who may import whom. test/tidy/boundaries.test.ts plants a breach of every rule below and sees it caught.

const door = {
  rapport: "^src/index\\.ts$",
  core: "^src/core\\.ts$",
  machines: "^machines/index\\.ts$",
  relay: "^src/relay/index\\.ts$",
  relayHttp: "^src/apps/relay/index\\.ts$",
  connector: "^src/apps/connector/index\\.ts$",
  plugins: "^plugins/[^/]+/index\\.ts$",
  testkit: "^test/kit/index\\.ts$",
  proof: "^test/kit/proof\\.ts$",
};

/** Files that import nothing, so that everything in src may import them. */
const leaves = ["^src/limits\\.ts$", "^src/model/json\\.ts$"];

const ours = "^(machines|src|plugins|test)/";
const packages = "node_modules/";

/** The folders of src from the bottom up: what each may reach in our own code, besides itself and the leaves. */
const vocabulary = ["^src/errors/", "^src/model/", "^src/wire/", "^machines/"];
const below = [...vocabulary, "^src/ports/", "^src/di/"];
const layers = {
  errors: ["^machines/"],
  model: ["^src/errors/", "^machines/"],
  wire: vocabulary,
  di: ["^src/errors/", "^src/model/"],
  ports: ["^src/errors/", "^src/model/", "^src/di/"],
  turn: below,
  sealed: below,
  // The relay makes and checks addresses and challenges and seals its own keys; everything else in src/sealed opens what it must not see.
  relay: [...below, "^src/turn/", "^src/sealed/(address|at-rest|challenge|keys)\\.ts$"],
  items: [...below, "^src/turn/", "^src/sealed/"],
  engine: [...below, "^src/turn/", "^src/sealed/", "^src/items/"],
  services: [...below, "^src/turn/", "^src/sealed/", "^src/items/", "^src/engine/"],
};

/** Single files that need more than their folder. */
const wider = {
  // The transport speaks in operations of the wire table.
  ports: { "(transport|item-kind)\\.ts": ["^src/wire/"] },
};

/** The one driver that a plugin may import; a plugin that is not named here has none. */
const drivers = {
  "storage-lowdb": ["lowdb"],
  "storage-sqlite": ["libsql", "better-sqlite3"],
  "storage-postgres": ["pg"],
  "transport-relay": ["undici", "eventsource-parser"],
  "wake-ups-nats": ["@nats-io/transport-node"],
  "publisher-amqp": ["amqplib"],
  "publisher-mqtt": ["mqtt"],
  "publisher-redis": ["redis"],
  "publisher-nats": ["@nats-io/transport-node"],
  "publisher-pubsub": ["@google-cloud/pubsub"],
  "publisher-webhooks": ["standardwebhooks", "undici"],
  "rules-cedar": ["@cedar-policy/cedar-wasm"],
  "crypto-sodium": ["libsodium-wrappers", "libsodium-wrappers-sumo"],
  "crypto-sodium-native": ["sodium-native"],
};

/** What tests of a folder import by path besides the folder they mirror and the vocabulary. */
const reaches = {
  // A chart can only be asked through the step.
  machines: ["^src/turn/step\\.ts$"],
  // Requests, Responses and contents are parsed with the kinds of their items.
  model: ["^src/items/item-kinds\\.ts$"],
};

/** What the door "rapport/proof" lends. */
const proving = "^test/kit/(proof\\.ts$|check/|simulation/|proving/)";
const foreign = ["npm", "npm-dev", "npm-peer", "npm-optional", "npm-no-pkg", "core"];

const modulesOf = (names) => names.map((name) => `${packages}${name}/`);
const error = (name, from, to) => ({ name, severity: "error", from, to });

const layerRules = Object.entries(layers).flatMap(([folder, may]) => {
  const exceptions = wider[folder] ?? {};
  const pathNot = [`^src/${folder}/`, ...leaves, ...may];
  const special = Object.entries(exceptions).map(([file, more]) =>
    error(
      `${folder}-know-their-place`,
      { path: `^src/${folder}/${file}$` },
      { path: ours, pathNot: [...pathNot, ...more] },
    ),
  );
  const from = { path: `^src/${folder}/`, pathNot: Object.keys(exceptions).map((file) => `^src/${folder}/${file}$`) };
  return [error(`${folder}-know-their-place`, from, { path: ours, pathNot }), ...special];
});

const driverRules = [
  ...Object.entries(drivers).map(([plugin, names]) =>
    error("plugins-bring-one-driver", { path: `^plugins/${plugin}/` }, { path: packages, pathNot: modulesOf(names) }),
  ),
  error(
    "plugins-bring-one-driver",
    { path: "^plugins/", pathNot: Object.keys(drivers).map((plugin) => `^plugins/${plugin}/`) },
    { path: packages },
  ),
];

const mirrored = "^test/(?!kit/|tidy/|bench/|stories/|types/|plugins/|apps/)([^/]+)/";
const mirrorMay = [
  ...vocabulary,
  ...leaves,
  door.rapport,
  door.core,
  door.relay,
  door.relayHttp,
  door.connector,
  door.plugins,
];
const mirrorRules = [
  ...Object.entries(reaches).map(([folder, more]) =>
    error(
      "tests-mirror-one-folder",
      { path: `^test/${folder}/` },
      { path: "^(machines|src|plugins)/", pathNot: [`^src/${folder}/`, ...mirrorMay, ...more] },
    ),
  ),
  error(
    "tests-mirror-one-folder",
    { path: mirrored, pathNot: Object.keys(reaches).map((folder) => `^test/${folder}/`) },
    { path: "^(machines|src|plugins)/", pathNot: ["^src/$1/", ...mirrorMay] },
  ),
  error(
    "tests-mirror-one-folder",
    { path: "^test/plugins/([^/]+)/" },
    { path: "^(machines|src|plugins)/", pathNot: ["^plugins/$1/", ...Object.values(door)] },
  ),
  error(
    "tests-mirror-one-folder",
    { path: "^test/apps/([^/]+)/" },
    { path: "^(machines|src|plugins)/", pathNot: ["^src/apps/$1/", ...Object.values(door)] },
  ),
  error(
    "stories-use-the-doors",
    { path: "^test/(stories|types)/" },
    { path: "^(machines|src|plugins)/", pathNot: Object.values(door) },
  ),
];

module.exports = {
  forbidden: [
    error("everything-resolves", {}, { couldNotResolve: true }),
    error("no-circles", {}, { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } }),
    error("machines-stay-pure", { path: "^machines/" }, { pathNot: ["^machines/", `${packages}xstate/`] }),
    ...layerRules,
    error("leaves-import-nothing", { path: leaves }, {}),
    error(
      "core-is-ports-and-types",
      { path: door.core },
      { path: ours, pathNot: ["^src/(di|errors|model|ports|wire)/", ...leaves] },
    ),
    error(
      "index-composes",
      { path: door.rapport },
      { path: ours, pathNot: ["^src/(?!apps/)", "^machines/", door.plugins] },
    ),
    error("src-is-portable", { path: "^src/", pathNot: "^src/apps/" }, { dependencyTypes: ["core"] }),
    error(
      "src-needs-zod-alone",
      { path: "^src/", pathNot: ["^src/apps/", "^src/di/", "^src/(errors|model|wire)/"] },
      { path: packages },
    ),
    error("src-needs-zod-alone", { path: "^src/(errors|model|wire)/" }, { path: packages, pathNot: `${packages}zod/` }),
    error("tsyringe-has-one-home", { pathNot: "^src/di/" }, { path: `${packages}(tsyringe|reflect-metadata)/` }),
    error("plugins-are-strangers", { path: "^plugins/([^/]+)/" }, { path: "^plugins/", pathNot: "^plugins/$1/" }),
    error(
      "plugins-use-the-doors",
      { path: "^plugins/", pathNot: "^plugins/transport-loopback/" },
      { path: "^(machines|src|test)/", pathNot: [door.core, door.machines] },
    ),
    error(
      "plugins-use-the-doors",
      { path: "^plugins/transport-loopback/" },
      { path: "^(machines|src|test)/", pathNot: [door.core, door.machines, door.relay] },
    ),
    error(
      "doors-are-opened-by-name",
      { path: "^plugins/" },
      { path: "^(machines|src|test)/", dependencyTypes: ["local"] },
    ),
    error(
      "doors-are-opened-by-name",
      { path: "^src/apps/" },
      { path: ours, pathNot: "^src/apps/", dependencyTypes: ["local"] },
    ),
    error(
      "doors-are-opened-by-name",
      { path: "^(src/(?!apps/)|test/)" },
      { path: "^(machines|plugins)/[^/]+/?index\\.ts$|^machines/index\\.ts$", dependencyTypes: ["local"] },
    ),
    ...driverRules,
    error(
      "apps-use-the-doors",
      { path: "^src/apps/([^/]+)/" },
      {
        path: ours,
        pathNot: [
          "^src/apps/$1/",
          "^src/apps/[^/]+/contract\\.ts$",
          "^src/apps/serving/",
          door.rapport,
          door.core,
          door.relay,
          door.relayHttp,
          door.connector,
          door.plugins,
          door.proof,
        ],
      },
    ),
    // The sockets that relay and Connector both listen on; no app, and it knows none.
    error("serving-serves-any-app", { path: "^src/apps/serving/" }, { path: ours, pathNot: "^src/apps/serving/" }),
    error("nobody-imports-apps", { pathNot: ["^src/apps/", "^test/"] }, { path: "^src/apps/" }),
    // An app with a door is a program that others may start in their own process: tests and embedders, but not the engine.
    error(
      "nobody-imports-apps",
      { path: "^test/(?!apps/)" },
      { path: "^src/apps/", pathNot: [door.relayHttp, door.connector] },
    ),
    // The command line runs the proofs; their door needs no test runner.
    error("nobody-imports-tests", { path: "^(machines|src|plugins)/", pathNot: "^src/apps/cli/" }, { path: "^test/" }),
    error("nobody-imports-tests", { path: "^src/apps/cli/" }, { path: "^test/", pathNot: door.proof }),
    // The model checker takes single turns of the engine and the relay, so it alone goes behind the doors.
    error(
      "kit-uses-the-doors",
      { path: "^test/kit/", pathNot: "^test/kit/check/" },
      { path: ours, pathNot: ["^test/kit/", ...Object.values(door)] },
    ),
    error(
      "kit-uses-the-doors",
      { path: "^test/kit/check/" },
      { path: ours, pathNot: ["^test/kit/", "^src/(?!apps/|di/)", ...Object.values(door)] },
    ),
    error(
      "kit-needs-vitest-and-fast-check",
      { path: "^test/kit/", pathNot: proving },
      { dependencyTypes: foreign, pathNot: modulesOf(["vitest", "fast-check", "xstate"]) },
    ),
    // Whoever has Rapport installed can run these, without a test runner; they hash states and use every core.
    error(
      "kit-needs-vitest-and-fast-check",
      { path: proving },
      { dependencyTypes: foreign, pathNot: [...modulesOf(["fast-check", "xstate"]), "^(crypto|worker_threads)$"] },
    ),
    ...mirrorRules,
  ],
  options: {
    doNotFollow: { path: packages },
    exclude: { path: "^(dist|test/fixtures)/" },
    // Types cross a boundary as surely as values do.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    // A package that imports its own name is resolved to source, as TypeScript and vitest do it.
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["rapport:source", "import", "node", "default", "types"],
    },
  },
};
