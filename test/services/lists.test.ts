// Lists: one by one or all at once, by every field (spec/connector-api.md 1.13).
import type { Listed } from "rapport";
import type { StorePort } from "rapport/core";
import { createWorld } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { exchanged, nameOf, requestId } from "./exchanging.ts";
import { active, arbitrary, onDay } from "./scenes.ts";

const invalid = { code: "error.runtime.validation.invalidPropertyValue" };

async function idsOf(list: AsyncIterable<{ readonly id: string }>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of list) ids.push(id);
  return ids;
}

/** Who has made five templates: two of them for anybody, the others behind a password, a PIN, and one in a letter. */
async function author(store?: (port: StorePort) => StorePort) {
  const world = await createWorld();
  const { account } = await world.person("author", store === undefined ? {} : { store });
  const { templates } = account;
  const expiresAt = onDay(9);
  const ids: string[] = [];
  for (const passwordProtection of [
    undefined,
    { password: "1234", passwordIsPin: true },
    { password: "!secret" },
    { password: "1234", passwordLocationIndicator: "Letter" },
    undefined,
  ] as const) {
    const protection = passwordProtection === undefined ? {} : { passwordProtection };
    ids.push((await templates.create({ content: arbitrary, expiresAt, ...protection })).id);
  }
  return { account, templates, ids, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

describe("one by one", () => {
  test("entries come in the order of their creation, and limit and after say which", async () => {
    await using of = await author();
    const { templates, ids } = of;

    expect(await idsOf(templates.each())).toEqual(ids);
    expect(await idsOf(templates.each({}, { limit: 2 }))).toEqual(ids.slice(0, 2));
    expect(await idsOf(templates.each({}, { after: ids[1] ?? "", limit: 2 }))).toEqual(ids.slice(2, 4));
    await expect(idsOf(templates.each({}, { after: "RLTnobodynobodynobody" }))).rejects.toMatchObject({
      code: "error.runtime.recordNotFound",
    });
    expect(await idsOf(await templates.find({}, { after: ids[3] ?? "" }).then(toStream))).toEqual(ids.slice(4));
    const passwords = { "passwordProtection.password": "1234" };
    expect(await idsOf(templates.each(passwords, { limit: 1, after: ids[1] ?? "" }))).toEqual([ids[3]]);
  });

  test("a view is what get gives, and its version changes with it", async () => {
    await using two = await active();
    const { account } = two.initiator;
    const [before] = await entries(account.relationships.each());
    expect(await before?.view()).toEqual(await account.relationships.get(two.id));
    expect(await entries(account.relationships.each())).toMatchObject([{ id: two.id, version: before?.version }]);

    await account.relationships.terminate(two.id);

    const [after] = await entries(account.relationships.each());
    expect(after?.version).not.toBe(before?.version);
    expect(await after?.view()).toMatchObject({ status: "Terminated" });
  });

  test("secrets are read when a view is asked for, and not before", async () => {
    const read: string[] = [];
    await using of = await author((store) => ({
      ...store,
      get: (key) => {
        read.push(key);
        return store.get(key);
      },
    }));
    read.length = 0;

    const listed = await entries(of.templates.each());
    expect(read.filter((key) => key.includes("/secrets/"))).toEqual([]);
    await listed[0]?.view();
    expect(read.filter((key) => key.includes("/secrets/"))).toHaveLength(1);
  });

  test("what is asked wrongly is refused when somebody begins to read, and by find at once", async () => {
    await using of = await author();
    const { templates } = of;

    for (const [query, options] of [
      [{ nonsense: "1" }, {}],
      [{ passwordProtection: "yes" }, {}],
      [{}, { limit: 0 }],
      [{}, { limit: 1.5 }],
      [{}, { after: 7 as never }],
      [{}, { lenient: "yes" as never }],
      [{ id: {} as never }, {}],
    ] as const) {
      await expect(idsOf(templates.each(query, options))).rejects.toMatchObject(invalid);
      await expect(templates.find(query, options)).rejects.toMatchObject(invalid);
    }
    expect(await idsOf(templates.each({ nonsense: "1" }, { lenient: true }))).toEqual(of.ids);
  });

  test("a version of an attribute counts to whom it was given", async () => {
    await using two = await exchanged("Active");
    const [owner, peer] = [two.initiator.account, two.templator.account];
    const before = await entryOf(owner.attributes.each(), two.nameId);
    expect(await before?.view()).toEqual(await owner.attributes.get(two.nameId));
    expect(await before?.view()).toMatchObject({ numberOfForwards: 1 });

    await peer.attributes.delete(two.nameId);
    await owner.sync();

    const after = await entryOf(owner.attributes.each(), two.nameId);
    expect(after?.version).not.toBe(before?.version);
    expect(await after?.view()).toEqual(await owner.attributes.get(two.nameId));
    expect(await idsOf(owner.attributes.eachOwn())).toEqual([two.nameId]);
    expect(await idsOf(peer.attributes.eachReceivedFrom(owner.address))).not.toContain(two.nameId);
  });
});

describe("by every field", () => {
  test("templates by their protection, of which no password is in the store", async () => {
    await using of = await author();
    const { templates, ids } = of;
    const at = (...places: number[]) => places.map((place) => ids[place]);
    const found = async (query: { [field: string]: string | string[] }) => idsOf(templates.each(query));

    expect(await found({ passwordProtection: "" })).toEqual(at(1, 2, 3));
    expect(await found({ passwordProtection: "!" })).toEqual(at(0, 4));
    expect(await found({ "passwordProtection.password": "1234" })).toEqual(at(1, 3));
    expect(await found({ "passwordProtection.password": "!secret" })).toEqual(at(2));
    expect(await found({ "passwordProtection.password": "^12" })).toEqual([]);
    expect(await found({ "passwordProtection.passwordIsPin": "true" })).toEqual(at(1));
    expect(await found({ "passwordProtection.passwordIsPin": "!", passwordProtection: "" })).toEqual(at(2, 3));
    expect(await found({ "passwordProtection.passwordLocationIndicator": "Letter" })).toEqual(at(3));
    expect(await found({ "passwordProtection.passwordLocationIndicator": "2" })).toEqual(at(3));
    expect(await found({ isOwn: "true", createdAt: "^2030-01" })).toEqual(ids);
    expect(await found({ isOwn: "false" })).toEqual([]);
  });

  test("tokens by their protection", async () => {
    await using world = await createWorld();
    const { tokens } = (await world.person("author")).account;
    const input = { content: { "@type": "Note" }, expiresAt: onDay(2) };
    const open = await tokens.create(input);
    const closed = await tokens.create({ ...input, passwordProtection: { password: "open" } });

    expect(await idsOf(tokens.each({ passwordProtection: "" }))).toEqual([closed.id]);
    expect(await idsOf(tokens.each({ "passwordProtection.password": "open" }))).toEqual([closed.id]);
    expect(await idsOf(tokens.each({ passwordProtection: "!", isOwn: true }))).toEqual([open.id]);
  });

  test("files by tags and by their ownership token", async () => {
    await using world = await createWorld();
    const { files } = (await world.person("author")).account;
    const photo = { content: new Uint8Array([1]), filename: "a.png", mimetype: "image/png" };
    const one = await files.upload({ ...photo, tags: ["x:red", "x:blue"] });
    const other = await files.upload({ ...photo, tags: ["x:green"] });

    expect(await idsOf(files.each({ ownershipToken: other.ownershipToken ?? "" }))).toEqual([other.id]);
    expect(await idsOf(files.each({ ownershipToken: `~${other.ownershipToken?.slice(2)}` }))).toEqual([]);
    expect(await idsOf(files.each({ tags: ["x:blue", "x:green"] }))).toEqual([one.id, other.id]);
    expect(await idsOf(files.each({ "tags.0": "x:blue", "tags.1": "x:none" }))).toEqual([one.id]);
    expect(await idsOf(files.each({ tags: "!x:red" }))).toEqual([other.id]);
  });

  test("Messages by who took part, by attachments, and by the older names", async () => {
    await using two = await active();
    const [from, to] = [two.initiator.account, two.templator.account];
    const file = await from.files.upload({ content: new Uint8Array([1]), filename: "a", mimetype: "text/plain" });
    const mail = { "@type": "Mail", to: [to.address], subject: "Books", body: "Due" };
    const plain = await from.messages.send({ recipients: [to.address], content: mail });
    const content = { ...mail, subject: "More", bodyFormat: "Markdown" };
    const laden = await from.messages.send({ recipients: [to.address], content, attachments: [file.id] });
    await to.sync();
    const { messages } = to;
    await messages.markAsRead(plain.id);
    const mails = [plain.id, laden.id];
    const found = async (query: { [field: string]: string | string[] }) =>
      (await idsOf(messages.each(query))).filter((id) => mails.includes(id));

    expect(await found({ participant: from.address })).toEqual(mails);
    expect(await found({ participant: to.address })).toEqual(mails);
    expect(await found({ participant: `!${to.address}` })).toEqual([]);
    expect(await found({ attachments: "+" })).toEqual([laden.id]);
    expect(await found({ attachments: [file.id, "FILnobodynobodynobod"] })).toEqual([laden.id]);
    expect(await found({ contentSubject: "^boo", contentType: "Mail" })).toEqual([plain.id]);
    expect(await found({ "content.bodyFormat": "Markdown", contentBody: "~UE" })).toEqual([laden.id]);
    expect(await found({ wasReadAt: "" })).toEqual([plain.id]);
    expect(await found({ wasReadAt: "!", "recipients.address": to.address })).toEqual([laden.id]);
  });

  test("Relationships by their template under both names, all of which must hold", async () => {
    await using two = await active();
    const { relationships } = two.templator.account;

    expect(await idsOf(relationships.each({ templateId: two.template.id, status: "Active" }))).toEqual([two.id]);
    expect(await idsOf(relationships.each({ "template.id": `^${two.template.id.toUpperCase()}` }))).toEqual([two.id]);
    expect(await idsOf(relationships.each({ "template.id": two.template.id, templateId: "RLT" }))).toEqual([]);
  });

  test("attributes in the words of both generations", async () => {
    await using two = await exchanged("Active");
    const [owner, peer] = [two.initiator.account, two.templator.account];
    await owner.attributes.markAsViewed(two.nameId);
    const dated = { ...nameOf("Ina"), validFrom: "2030-01-01T00:00:00.000Z", validTo: "2030-03-01T00:00:00.000Z" };
    const { id } = await owner.attributes.create({ content: dated });
    const own = async (query: { [field: string]: string | string[] }) => idsOf(owner.attributes.eachOwn({ query }));
    const received = (query: { [field: string]: string }) =>
      idsOf(peer.attributes.eachReceivedFrom(owner.address, { query }));

    expect(await own({ "content.validFrom": "2029-06-01T00:00:00.000Z" })).toEqual([id]);
    expect(await own({ "content.validFrom": "2030-06-01T00:00:00.000Z" })).toEqual([]);
    expect(await own({ "content.validTo": "2030-06-01T00:00:00.000Z" })).toEqual([id]);
    expect(await own({ "content.validTo": "2030-02-01T00:00:00.000Z" })).toEqual([]);
    expect(await own({ "content.validTo": "!" })).toEqual([two.nameId]);
    expect(await own({ wasViewedAt: "" })).toEqual([two.nameId]);
    expect(await own({ shareInfo: "!", isDefault: "!", parentId: "!" })).toEqual([two.nameId, id]);
    expect(await received({ "shareInfo.peer": owner.address, "query.content.@type": "IdentityAttribute" })).toEqual([
      two.nameId,
    ]);
    expect(await received({ "shareInfo.requestReference": requestId, "shareInfo.notificationReference": "" })).toEqual(
      [],
    );
    expect(await received({ "shareInfo.requestReference": requestId })).toContain(two.nameId);
    expect(await idsOf(owner.attributes.eachOwnSharedWith(peer.address, { limit: 1 }))).toHaveLength(1);
  });
});

async function entries<V>(list: AsyncIterable<Listed<V>>): Promise<Listed<V>[]> {
  const all: Listed<V>[] = [];
  for await (const entry of list) all.push(entry);
  return all;
}

async function entryOf<V>(list: AsyncIterable<Listed<V>>, id: string): Promise<Listed<V> | undefined> {
  return (await entries(list)).find((entry) => entry.id === id);
}

async function* toStream<T>(list: readonly T[]): AsyncGenerator<T> {
  yield* list;
}
