// Notifications whose author keeps to no rule: they end in Error, and the sync goes on.
import type { Document, Json, JsonObject, Stored, StorePort } from "rapport/core";
import { expect, test } from "vitest";
import { agreed, exchanged } from "../services/exchanging.ts";

const id = "NOTaaaaaaaaaaaaaaaaa";
const numberId = "ATTnumbernumbernumbe";
const successorId = "ATTzzzzzzzzzzzzzzzzz";
const endless = "ATTendless";

const deleted = (attributeId: string): JsonObject => ({
  "@type": "OwnAttributeDeletedByOwnerNotificationItem",
  attributeId,
});
const succeeded = (successorContent: Json): JsonObject => ({
  "@type": "PeerAttributeSucceededNotificationItem",
  predecessorId: numberId,
  successorId,
  successorContent,
});

const version = (at: number): string => `${endless}${String(at).padStart(20 - endless.length, "0")}`;

/** A store with a line of versions that has no end, and in which every Notification has these items. */
function spoilt(item: JsonObject, peer: () => string) {
  const instead = <T extends Stored | undefined>(stored: T): T =>
    stored?.key.includes("/notifications/") !== true
      ? stored
      : { ...stored, document: { ...stored.document, content: { "@type": "Notification", id, items: [item] } } };
  const line = (key: string): Stored | undefined => {
    const at = key.indexOf(`/attributes/${endless}`);
    if (at < 0) return undefined;
    const own = key.slice(at + "/attributes/".length);
    const record = {
      id: own,
      "@type": "PeerIdentityAttribute",
      peer: peer(),
      content: {},
      createdAt: "",
      version: 9_999,
    };
    const succeeds = version(Number(own.slice(endless.length)) + 1);
    return { key, version: 1, document: { ...record, root: version(0), succeeds } };
  };
  return (port: StorePort): StorePort => ({
    ...port,
    get: async <D extends Document>(key: string) =>
      (line(key) ?? instead(await port.get<D>(key))) as Stored<D> | undefined,
    find: async function* (query) {
      for await (const stored of port.find(query)) yield instead(stored) as never;
    },
    // The line is nowhere, so nobody can have changed it.
    commit: ({ checks = [], ...batch }) =>
      port.commit({ ...batch, checks: checks.filter(({ key }) => line(key) === undefined) }),
  });
}

test.for<[string, JsonObject]>([
  ["succeeds by nothing", succeeded({})],
  ["succeeds by a text", succeeded("two")],
  ["succeeds by null", succeeded(null)],
  ["succeeds by a value of no type", succeeded({ ...agreed("did:e:x", "two"), value: null })],
  [
    "succeeds by a type that cannot be encoded",
    succeeded({ ...agreed("did:e:x", "two"), value: { "@type": "\ud800" } }),
  ],
  ["names an attribute by what no store takes", deleted("\0")],
  ["names an attribute in another place", deleted("../secrets/x")],
  ["leads through a line without an end", deleted(version(0))],
])("a Notification that %s ends in Error, and the sync goes on", async ([, item]) => {
  let owner = "";
  const asked: string[] = [];
  const store = (port: StorePort): StorePort => {
    const bad = spoilt(item, () => owner)(port);
    return {
      ...bad,
      get: (key) => {
        asked.push(key);
        return bad.get(key);
      },
    };
  };
  await using two = await exchanged("Active", { initiator: { store } });
  const [from, to] = [two.templator.account, two.initiator.account];
  owner = from.address;
  const content = { "@type": "Notification", id, items: [deleted(successorId)] };
  await from.messages.send({ recipients: [to.address], content });

  const { messages } = await to.sync();

  expect(messages).toHaveLength(1);
  expect((await to.notifications.get(id)).status).not.toBe("Open");
  expect(await to.attributes.get(numberId)).not.toHaveProperty("succeededBy");
  expect(asked.filter((key) => key.includes("\0") || key.includes(".."))).toEqual([]);
});
