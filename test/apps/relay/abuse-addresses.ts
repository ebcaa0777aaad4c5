// Addresses that lead nowhere or somewhere else: routes, methods, tricks with paths, ids and queries.
import { type Operation, operations } from "rapport/core";
import { type BadRequest, bad, forbidden, invalid, notFound, unauthorized, unreadable, wrongId } from "./abuse-case.ts";
import { bodies, pathOf, prefixOf } from "./abuse-members.ts";

const rows = Object.entries(operations) as readonly [keyof typeof operations, Operation][];

const unknown: readonly BadRequest[] = [
  "/",
  "/api",
  "/api/v2",
  "/api/v2/",
  "/api/v3/Version",
  "/api/v2/Versions",
  "/api/v2/Version/",
  "/api/v2/Version/x",
  "//api/v2/Version",
  "/api//v2/Version",
  "/api/v2//Version",
  "/api/v2/./Version",
  "/api/v2/x/../Version",
  "/api/v2/x/%2e%2e/Version",
  "/api/v2/Version%2f",
  "/api/v2/%2e%2e/%2e%2e/etc/passwd",
  "/..%2f..%2f..%2fetc%2fpasswd",
  "/api/v2/Version%00",
  "/api/v2/Version%2500",
  "/api/v2/Version;x=1",
  "/api\\v2\\Version",
  "/.env",
  "/.git/config",
  "/api/v2/constructor",
  "/api/v2/__proto__",
  "/api/v2/Version%0d%0aSet-Cookie:x",
  "/connect/token/",
  "/index.php",
].map((path) => bad(`route: ${path}`, notFound, { path }));

const unreadablePaths: readonly BadRequest[] = [
  "/api/v2/%",
  "/api/v2/%zz",
  "/api/v2/Files/%c0%ae%c0%ae",
  "/api/v2/Files/%ff",
].map((path) => bad(`route: ${path}`, unreadable, { path }));

/** Every path of the table with a method that it has not. */
const methods: readonly BadRequest[] = [...new Set(rows.map(([, { path }]) => path))].flatMap((path) => {
  const known = new Set(
    rows.filter(([, row]) => isSameRoute(row.path, path)).map(([, { method }]) => method as string),
  );
  const other = ["DELETE", "PATCH", "PUT", "POST"].find((method) => !known.has(method)) ?? "OPTIONS";
  const row = rows.find(([, row]) => row.path === path)?.[1] as Operation;
  return [bad(`method: ${other} ${path}`, notFound, { method: other, path: pathOf(row) })];
});

/** `Self` could be an id, too. */
function isSameRoute(one: string, other: string): boolean {
  return one.replace(/\{id\}|Self|CanCreate/g, "*") === other.replace(/\{id\}|Self|CanCreate/g, "*");
}

const withId = rows.filter(([, { path }]) => path.includes("{id}"));
const sentTo = ([name, row]: (typeof rows)[number], id: string) => {
  const body = row.method === "GET" || row.method === "DELETE" ? {} : { body: JSON.stringify(bodies[name] ?? {}) };
  return { method: row.method, path: row.path.replace("{id}", id), ...body };
};

/** Ids that are none, for every operation that has one. */
const ids: readonly BadRequest[] = withId.flatMap((row) => {
  const prefix = prefixOf(row[1]);
  return [
    ["too short", `${prefix}xxx`],
    ["of another kind", `USR${"x".repeat(17)}`],
    ["in small letters", `${prefix.toLowerCase()}${"x".repeat(17)}`],
    ["with a NUL", `${prefix}${"x".repeat(16)}%00`],
    ["with other letters", `${prefix}${"%C3%A9".repeat(17)}`],
    ["with a slash", `${prefix}${"x".repeat(16)}%2F`],
    ["with dots", `${prefix}%2e%2e%2f%2e%2e%2f`],
  ].map(([how = "", id = ""]) => bad(`id ${how}: ${row[0]}`, wrongId, sentTo(row, id)));
});

const endless: readonly BadRequest[] = withId.map((row) =>
  bad(`id without end: ${row[0]}`, unreadable, sentTo(row, "x".repeat(5_000))),
);

/** Somebody else's objects. Files are open to whoever knows the id. */
const seenByAll = new Set(["getChallenge", "getFile", "getFileContent", "validateFileOwnershipToken"]);
const othersMay: Readonly<Record<string, readonly [number, string]>> = {
  deleteTemplate: forbidden,
  deleteToken: forbidden,
  deleteFile: forbidden,
  regenerateFileOwnershipToken: forbidden,
  claimFileOwnership: forbidden,
  decomposeRelationship: [400, "relationship.requestingIdentityDoesNotBelongToRelationship"],
};
const foreign: readonly BadRequest[] = withId.flatMap((row) => {
  if (seenByAll.has(row[0])) return [];
  const outcome = othersMay[row[0]] ?? notFound;
  return [
    bad(`somebody else's: ${row[0]}`, outcome, ({ ids }) => ({
      ...sentTo(row, ids[prefixOf(row[1])] ?? ""),
      by: "stranger",
    })),
    bad(`nobody's: ${row[0]}`, notFound, sentTo(row, `${prefixOf(row[1])}${"x".repeat(17)}`)),
  ];
});

/** Every operation that needs a login, without one. */
const strangers: readonly BadRequest[] = rows
  .filter(([, { auth }]) => auth === "bearer")
  .map(([name, row]) =>
    bad(`without a login: ${name}`, unauthorized, { method: row.method, path: pathOf(row), by: "nobody" }),
  );

const list = "/api/v2/Messages";
const pageSize = [400, "pagination.invalidPageSize"] as const;
const queries: readonly BadRequest[] = [
  ...["0", "-1", "201", "1e9", "x", "1.5", "Infinity", "", "%00"].map((size) =>
    bad(`page size ${size}`, pageSize, { path: `${list}?PageSize=${size}` }),
  ),
  ...["0", "-1", "x", "1.5", "9007199254740993", "NaN"].map((number) =>
    bad(`page number ${number}`, invalid, { path: `${list}?PageNumber=${number}` }),
  ),
  bad("page sizes", pageSize, { path: `${list}?PageSize=x&PageSize=1` }),
  bad("ids that are none", wrongId, { path: `${list}?ids=x` }),
  bad("ids in brackets are no ids", invalid, { path: "/api/v2/Tokens?ids[]=TOKxxxxxxxxxxxxxxxxx" }),
  bad("a list of the prototype", invalid, { path: "/api/v2/Tokens?__proto__=TOKxxxxxxxxxxxxxxxxx&constructor=x" }),
  bad("an id with nothing in it", wrongId, { path: "/api/v2/Tokens?ids=" }),
  bad("percent signs that mean nothing", unreadable, { path: `${list}?ids=%zz` }),
  bad("a peer that is none", invalid, { path: "/api/v2/Relationships/CanCreate?peer=x" }),
  bad("no peer", invalid, { path: "/api/v2/Relationships/CanCreate" }),
  bad("a peer in brackets", invalid, { path: "/api/v2/Relationships/CanCreate?peer[a]=x" }),
  bad("a username that is none", wrongId, { path: "/api/v2/Identities/IsDeleted?username=x", by: "nobody" }),
  bad("a local index that is none", invalid, { path: "/api/v2/Datawallet/Modifications?localIndex=x" }),
  bad("a local index below the first", invalid, { path: "/api/v2/Datawallet/Modifications?localIndex=-2" }),
  bad("more templates than a page has", invalid, {
    path: `/api/v2/RelationshipTemplates?${Array.from({ length: 201 }, (_, n) => `ids=RLT${String(n).padStart(17, "0")}`).join("&")}`,
  }),
];

/** All of them. */
export const badAddresses = [
  ...unknown,
  ...unreadablePaths,
  ...methods,
  ...ids,
  ...endless,
  ...foreign,
  ...strangers,
  ...queries,
];
