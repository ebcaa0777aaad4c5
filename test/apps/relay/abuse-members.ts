// Bad bodies derived from the table: for each operation with a JSON body, each member with a wrong type, unset, empty and
// too long. Which of them are bad is what the schema says; a text that is empty or endless is bad for every member.
import { type Operation, type OperationName, operations } from "rapport/core";
import { base64 } from "../../relay/parties.ts";
import { type BadRequest, bad, invalid, notFound, type Outcome, tooLarge } from "./abuse-case.ts";

type Json = unknown;
type Path = readonly (string | number)[];

const later = "2031-12-31T00:00:00.000Z";
const peer = "did:e:localhost:dids:0123456789abcdef012301";
const modification = {
  objectIdentifier: "object",
  payloadCategory: "Content",
  collection: "Collection",
  type: "Create",
  encryptedPayload: base64("payload"),
  datawalletVersion: 1,
};
const signedChallenge = { challenge: "{}", signature: base64("signature") };

/** A body of each operation that has no fault of form. */
export const bodies: Readonly<Partial<Record<OperationName, Record<string, Json>>>> = {
  createIdentity: {
    clientId: "test",
    clientSecret: "test",
    identityPublicKey: base64(JSON.stringify({ pub: Buffer.alloc(32).toString("base64url"), alg: 3 })),
    devicePassword: "password",
    signedChallenge,
    identityVersion: 1,
    deviceCommunicationLanguage: "en",
  },
  createDevice: { devicePassword: "password", signedChallenge, isBackupDevice: false, communicationLanguage: "en" },
  updateDevice: { communicationLanguage: "en" },
  registerPushNotifications: { platform: "fcm", handle: "a-long-handle", appId: "app", environment: "Development" },
  startDeletionProcess: { lengthOfGracePeriodInDays: 14 },
  changePassword: { oldPassword: "one", newPassword: "other" },
  raiseEpoch: { epoch: 1, sent: 0 },
  createTemplate: {
    content: base64("t"),
    expiresAt: later,
    maxNumberOfAllocations: 1,
    forIdentity: null,
    password: base64("p"),
  },
  createRelationship: { relationshipTemplateId: `RLT${"x".repeat(17)}`, creationContent: base64("c") },
  acceptRelationship: { creationResponseContent: base64("c") },
  rejectRelationship: { creationResponseContent: base64("c") },
  createMessage: {
    recipients: [{ address: peer, encryptedKey: base64("k".repeat(64)) }],
    body: base64("b"),
    attachments: null,
  },
  createToken: { content: base64("t"), expiresAt: later, forIdentity: null, password: base64("p") },
  updateTokenContent: { newContent: base64("t"), password: base64("p") },
  pushModifications: { localIndex: -1, modifications: [modification] },
  startSyncRun: { type: "ExternalEventSync", duration: 10 },
  finalizeExternalEventSync: {
    externalEventResults: [{ externalEventId: `SYI${"x".repeat(17)}`, errorCode: "error.some" }],
    datawalletModifications: [modification],
  },
  finalizeDatawalletVersionUpgrade: { newDatawalletVersion: 1, datawalletModifications: [modification] },
  validateFileOwnershipToken: { ownershipToken: "x".repeat(20) },
  claimFileOwnership: { ownershipToken: "x".repeat(20) },
  sendNotification: { recipients: [peer], code: "code" },
};

const long = "A".repeat(200_000);
/** Members that may have 10 MiB. */
const contents = /^(content|creationContent|creationResponseContent|body|newContent|encryptedPayload)$/;
const longer = "A".repeat(14 * 1024 * 1024);
const spoilt: readonly (readonly [string, (value: Json) => Json])[] = [
  ["a wrong type", (value) => (typeof value === "string" ? 7 : "seven")],
  ["an object", () => ({ toString: "x", length: 1 })],
  ["null", () => null],
  ["nothing in it", (value) => (Array.isArray(value) ? [] : "")],
  ["no end", (value) => (Array.isArray(value) ? Array.from({ length: 5_000 }, () => value[0]) : long)],
];

const noLanguage: Outcome = [400, "invalidDeviceCommunicationLanguage"];

/** Where the relay answers otherwise than with a fault of form, and why. */
const answersOtherwise: Readonly<Record<string, Outcome | "accepted">> = {
  // The key is read before the client, and the client before everything else (spec/backbone-protocol.md 4.2).
  ...Object.fromEntries(
    ["clientId", "clientSecret"].flatMap((name) =>
      spoilt.map(([how]) => [`createIdentity: ${name} has ${how}`, [400, "unauthorized"] as const]),
    ),
  ),
  ...Object.fromEntries(
    ["createIdentity", "createDevice"].flatMap((name) =>
      ["challenge", "signature"].map((member) => [
        `${name}: signedChallenge.${member} has nothing in it`,
        [400, "device.invalidSignature"] as const,
      ]),
    ),
  ),
  // A language has a code of its own (spec/backbone-protocol.md 4.3). None is English, but a change needs one.
  ...Object.fromEntries(
    ["createIdentity: deviceC", "createDevice: c", "updateDevice: c"].flatMap((member) =>
      spoilt
        .filter(([how]) => how !== "null" || member.startsWith("updateDevice"))
        .map(([how]) => [`${member}ommunicationLanguage has ${how}`, noLanguage]),
    ),
  ),
  // A report about nothing that the run has is passed over, whatever it looks like; so it is the run that is not found.
  ...Object.fromEntries(
    ["", ".externalEventId", ".errorCode"].flatMap((member) =>
      spoilt.map(([how]) => [
        `finalizeExternalEventSync: externalEventResults.0${member} has ${how}`,
        member === "" && how !== "an object" ? invalid : notFound,
      ]),
    ),
  ),
  "finalizeExternalEventSync: externalEventResults.0.errorCode has null": "accepted",
  "createMessage: recipients has nothing in it": invalid,
  "sendNotification: recipients has nothing in it": invalid,
};

const prefixes: Readonly<Record<string, string>> = {
  Challenges: "CHL",
  Devices: "DVC",
  RelationshipTemplates: "RLT",
  Relationships: "REL",
  Messages: "MSG",
  Tokens: "TOK",
  Files: "FIL",
  SyncRuns: "SYR",
};

/** All of them. */
export const badMembers: readonly BadRequest[] = Object.entries(bodies).flatMap(([name, body]) => {
  const row: Operation = operations[name as OperationName];
  return pathsIn(body).flatMap((path) =>
    spoilt.flatMap(([how, spoil]): readonly BadRequest[] => {
      const title = `${name}: ${path.join(".")} has ${how}`;
      const isEmptyText = how === "nothing in it" && typeof valueAt(body, path) === "string";
      const isBad = isEmptyText || how === "no end" || !isAllowed(row, changed(body, path, spoil));
      const isStrange = row.auth === "none" && how === "no end";
      const outcome = isStrange ? tooLarge : (answersOtherwise[title] ?? (isBad ? invalid : "accepted"));
      if (outcome === "accepted") return [];
      // Made when it is sent: all of them at once would not fit into memory.
      const endless = contents.test(String(path.at(-1))) ? () => longer : spoil;
      const sent = () => ({
        method: row.method,
        path: pathOf(row),
        body: JSON.stringify(changed(body, path, how === "no end" ? endless : spoil)),
      });
      return [bad(title, outcome, sent)];
    }),
  );
});

function isAllowed({ body }: Operation, value: Json): boolean {
  return body?.safeParse(value).success === true;
}

/** The path with an id that has the right form. */
export function pathOf(row: Operation): string {
  return row.path.replace("{id}", `${prefixOf(row)}${"x".repeat(17)}`);
}

/** What ids of the path begin with. */
export function prefixOf({ path }: Operation): string {
  const [, kind = ""] = /^\/api\/v2\/(\w+)\/\{id\}/.exec(path) ?? [];
  return prefixes[kind] ?? "IDP";
}

function pathsIn(value: Json, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, member]) =>
    pathsIn(member, [...path, Array.isArray(value) ? Number(name) : name]),
  );
  return path.length === 0 ? inner : [path, ...inner];
}

function valueAt(value: Json, path: Path): Json {
  return path.reduce((inner, name) => (inner as Record<string, Json>)[name], value);
}

function changed(value: Json, [name, ...rest]: Path, spoil: (value: Json) => Json): Json {
  if (name === undefined) return spoil(value);
  if (Array.isArray(value)) return value.map((item, at) => (at === name ? changed(item, rest, spoil) : item));
  const members = value as Record<string, Json>;
  return { ...members, [name]: changed(members[name], rest, spoil) };
}
