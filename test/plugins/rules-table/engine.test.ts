// Worked examples and oracle rows of the automation (spec/domain.md 7.5, 11.7) through two engines, with items about attributes.
import type { Account, RequestView } from "rapport";
import { type JsonObject, type Plugin, Rule } from "rapport/core";
import { createRuleTable, type RequestEntry } from "rapport/plugins/rules-table";
import { describe, expect, test } from "vitest";
import { create, name, nameQuery, read, share } from "../../items/contents.ts";
import { active, arbitrary, ask, couple, onDay, only, pending, structured } from "../../services/scenes.ts";
import { field, group, no, yes } from "./facts.ts";

const type = "content.item.@type";
const inherited = "error.consumption.requests.validation.inheritedFromItem";
const busy = { accept: false, code: "busy", message: "Another time." } as const;
const X = { "@type": "IdentityAttribute", owner: "", value: { "@type": "GivenName", value: "Bea" } };
const surname = (value: string) => ({ "@type": "Surname", value });
const needed = (item: JsonObject): JsonObject => ({ mustBeAccepted: true, ...item });
const optional = (item: JsonObject): JsonObject => ({ mustBeAccepted: false, ...item });

/** An engine's rule whose table is written when it is known who the peer is. */
function lateTable() {
  const table = createRuleTable([]);
  const plugin: Plugin = { name: "late-table", register: ({ contribute }) => contribute(Rule, () => table.rule) };
  return { table, plugin };
}

/** Two who know each other; the one who answers has a table. */
async function acquainted() {
  const { table, plugin } = lateTable();
  const two = await active({ content: arbitrary, initiator: { plugins: [plugin] } });
  const [asker, answerer] = [two.templator.account, two.initiator.account];
  const own = await asker.attributes.create({ content: name("", { owner: asker.address, value: surname("Smith") }) });
  const A = needed(create(name("Ann")));
  const B = optional(read(nameQuery()));
  const D = optional(share(own.id, own.content as JsonObject));
  const E = field();
  return { two, asker, answerer, items: { A, B, D, E }, use: (entries: RequestEntry[]) => table.replace(entries) };
}
type Scene = Awaited<ReturnType<typeof acquainted>>;

/** The items of R1, sent by Message, and what became of it. */
async function asked({ asker, answerer, items: { A, B, D, E } }: Scene, items = [A, B, group(D, E)]) {
  const draft = await asker.requests.outgoing.create({ content: ask({ items }), peer: answerer.address });
  await asker.messages.send({ recipients: [answerer.address], content: draft.content });
  await answerer.sync();
  return answerer.requests.incoming.get(draft.id);
}

const itemsOf = (holder: JsonObject | undefined) => (holder?.["items"] ?? []) as JsonObject[];
const resultsOf = ({ response }: RequestView) =>
  itemsOf(response?.content).map((item) =>
    item["items"] === undefined ? item["result"] : itemsOf(item).map(({ result }) => result),
  );
const valuesOf = async (account: Account) =>
  (await account.attributes.find()).map(({ content }) => (content["value"] as JsonObject)["value"]).sort();

/** It waits for a person, and nothing of what the table would have said is stored. */
async function expectUntouched({ answerer }: Scene, request: RequestView) {
  expect(request).toMatchObject({ status: "ManualDecisionRequired" });
  expect(request).not.toHaveProperty("response");
  expect(await answerer.attributes.find()).toEqual([]);
}

describe("the Request R1 by Message", () => {
  const acceptPeer = ({ asker }: Scene): RequestEntry => ({
    name: "P",
    requestConfig: { peer: asker.address },
    responseConfig: yes,
  });
  const rejectAll: RequestEntry = { name: "rest", requestConfig: {}, responseConfig: no };

  test("7.5 example 3: a general accept alone leaves B and E, so a person decides and nothing is stored", async () => {
    const scene = await acquainted();
    await using _world = scene.two;
    scene.use([acceptPeer(scene)]);

    await expectUntouched(scene, await asked(scene));
  });

  test("7.5 example 4: with a general reject after it the Response is accepted, and both have what was accepted", async () => {
    const scene = await acquainted();
    await using _world = scene.two;
    scene.use([acceptPeer(scene), rejectAll]);

    const request = await asked(scene);
    await scene.asker.sync();

    expect(request).toMatchObject({ wasAutomaticallyDecided: true, response: { content: { result: "Accepted" } } });
    expect(resultsOf(request)).toEqual(["Accepted", "Rejected", ["Accepted", "Rejected"]]);
    expect(await valuesOf(scene.answerer)).toEqual(["Ann", "Smith"]);
    expect(await valuesOf(scene.asker)).toContain("Ann");
    expect(await scene.asker.requests.outgoing.get(request.id)).toMatchObject({ status: "Completed" });
    expect(await scene.answerer.requests.incoming.decision(request.id)).toMatchObject({
      tried: [
        { entries: { "items[0]": "P", "items[1]": "rest", "items[2].items[0]": "P", "items[2].items[1]": "rest" } },
      ],
    });
  });

  const reading = (newAttribute: JsonObject): RequestEntry => ({
    requestConfig: { [type]: "ReadAttributeRequestItem", "content.item.query.valueType": ["GivenName", "Surname"] },
    responseConfig: { accept: true, newAttribute },
  });
  const rejectForms: RequestEntry = { requestConfig: { [type]: "FormFieldRequestItem" }, responseConfig: no };

  test("7.5 example 6: a fixed attribute that answers the query is read by the peer", async () => {
    const scene = await acquainted();
    await using _world = scene.two;
    scene.use([reading(X), acceptPeer(scene), rejectForms]);

    const request = await asked(scene);
    await scene.asker.sync();

    expect(resultsOf(request)).toEqual(["Accepted", "Accepted", ["Accepted", "Rejected"]]);
    expect(await valuesOf(scene.answerer)).toEqual(["Ann", "Bea", "Smith"]);
    expect(await valuesOf(scene.asker)).toEqual(["Ann", "Bea", "Smith"]);
  });

  test("7.5 example 6: one that does not answer it leaves everything to a person", async () => {
    const scene = await acquainted();
    await using _world = scene.two;
    scene.use([reading({ ...X, value: surname("Smith") }), acceptPeer(scene), rejectForms]);

    const request = await asked(scene);

    await expectUntouched(scene, request);
    expect(await scene.answerer.requests.incoming.decision(request.id)).toMatchObject({
      tried: [{ verdict: "accept" }, { refused: inherited, message: expect.stringMatching(/^items\[1\]: /) }],
    });
  });

  test("7.5 example 7: what must be accepted is, and the rest is rejected", async () => {
    const scene = await acquainted();
    await using _world = scene.two;
    scene.use([
      { requestConfig: { "content.item.mustBeAccepted": true }, responseConfig: yes },
      { requestConfig: { "content.item.mustBeAccepted": false }, responseConfig: no },
    ]);

    const request = await asked(scene);

    expect(request).toMatchObject({ wasAutomaticallyDecided: true, response: { content: { result: "Accepted" } } });
    expect(resultsOf(request)).toEqual(["Accepted", "Rejected", ["Rejected", "Rejected"]]);
    expect(await valuesOf(scene.answerer)).toEqual(["Ann"]);
  });

  test("#112: rejecting what must be accepted beside something accepted is manual, and nothing is stored", async () => {
    const scene = await acquainted();
    await using _world = scene.two;
    scene.use([
      { requestConfig: { "content.item.mustBeAccepted": true }, responseConfig: no },
      { requestConfig: {}, responseConfig: yes },
    ]);
    const { A, D } = scene.items;

    const request = await asked(scene, [A, group(D)]);

    await expectUntouched(scene, request);
    expect(await scene.answerer.requests.incoming.decision(request.id)).toMatchObject({
      tried: [{ verdict: "accept" }, { refused: inherited, message: expect.stringMatching(/^items\[0\]: /) }],
    });
  });

  test("#108: a general reject answers items about attributes, too; a general accept reads none", async () => {
    const scene = await acquainted();
    await using _world = scene.two;
    const { A, B } = scene.items;

    scene.use([{ requestConfig: { peer: scene.asker.address }, responseConfig: busy }]);
    const rejected = await asked(scene, [A, B]);
    scene.use([acceptPeer(scene)]);
    const left = await asked(scene, [A, B]);

    const item = { result: "Rejected", code: "busy", message: "Another time." };
    expect(rejected).toMatchObject({
      wasAutomaticallyDecided: true,
      response: { content: { result: "Rejected", items: [item, item] } },
    });
    await expectUntouched(scene, left);
  });
});

describe("the Request of a template", () => {
  const newcomers: RequestEntry[] = [
    { requestConfig: { relationshipAlreadyExists: false, "source.type": "RelationshipTemplate" }, responseConfig: yes },
  ];
  const items = [needed(create(name("Ann")))];

  test("#117: with an item about an attribute it is accepted, and the Relationship comes of it by itself", async () => {
    const { table, plugin } = lateTable();
    table.replace(newcomers);
    const content = structured({ onNewRelationship: ask({ items }) });
    await using two = await couple({ content, initiator: { plugins: [plugin] } });
    const { account } = two.initiator;

    await account.templates.load({ reference: two.template.reference.truncated });
    await two.templator.account.sync();

    expect(only(await account.requests.incoming.find())).toMatchObject({
      status: "Completed",
      wasAutomaticallyDecided: true,
    });
    expect(await account.relationships.find()).toMatchObject([{ status: "Pending" }]);
    expect(await two.templator.account.relationships.find()).toMatchObject([{ status: "Pending" }]);
    expect(await valuesOf(account)).toEqual(["Ann"]);
    expect(await valuesOf(two.templator.account)).toEqual(["Ann"]);
  });

  test("#117: from somebody whom one knows it is not matched", async () => {
    const scene = await acquainted();
    await using _world = scene.two;
    scene.use(newcomers);
    const content = structured({ onNewRelationship: ask({ items }), onExistingRelationship: ask({ items }) });
    const template = await scene.asker.templates.create({ content, expiresAt: onDay(30) });

    await scene.answerer.templates.load({ reference: template.reference.truncated });

    await expectUntouched(scene, only(await scene.answerer.requests.incoming.find()));
  });

  test("#117: whoever was rejected once is somebody whom one knows", async () => {
    const { table, plugin } = lateTable();
    await using two = await pending({ content: arbitrary, initiator: { plugins: [plugin] } });
    await two.templator.account.relationships.reject(two.id);
    await two.initiator.account.sync();
    table.replace(newcomers);
    const content = structured({ onNewRelationship: ask({ items }) });
    const template = await two.templator.account.templates.create({ content, expiresAt: onDay(30) });

    await two.initiator.account.templates.load({ reference: template.reference.truncated });

    expect(only(await two.initiator.account.requests.incoming.find())).toMatchObject({
      status: "ManualDecisionRequired",
    });
  });
});
