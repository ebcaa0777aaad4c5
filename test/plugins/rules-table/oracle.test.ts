// The automation rows of the test oracle (spec/domain.md 11.7), through the engine.
import { createRapport } from "rapport";
import type { JsonObject } from "rapport/core";
import { type RuleTableConfig, type RuleTableOptions, rulesTable } from "rapport/plugins/rules-table";
import { describe, expect, test } from "vitest";
import { ask, consent, couple, listen, onDay, only, pending, structured } from "../../services/scenes.ts";

const processed = "consumption.relationshipTemplateProcessed";
const type = "content.item.@type";
const yes = { accept: true } as const;
const busy = { accept: false, code: "busy", message: "Another time." } as const;
const field: JsonObject = {
  "@type": "FormFieldRequestItem",
  mustBeAccepted: false,
  title: "How old are you?",
  settings: { "@type": "IntegerFormFieldSettings" },
};
const optional: JsonObject = { ...consent, mustBeAccepted: false };
const open: RuleTableOptions = { neverAutomatic: [] };

/** The initiator has this table and loads a template with these items. */
async function loaded(
  config: RuleTableConfig,
  given: { readonly items: JsonObject[]; readonly request?: JsonObject; readonly options?: RuleTableOptions },
) {
  const { items, request = {}, options = {} } = given;
  const content = structured({ onNewRelationship: ask({ items, ...request }) });
  const two = await couple({ content, initiator: { plugins: [rulesTable({ config, ...options })] } });
  const ear = listen(two.initiator.account);
  await two.initiator.account.templates.load({ reference: two.template.reference.truncated });
  const { incoming } = two.initiator.account.requests;
  const find = async () => only([...(await incoming.find()), ...(await incoming.find({ ignored: true }))]);
  return { ...two, ear, incoming, find, result: () => ear.data(processed)[0] as JsonObject };
}

const manual = { status: "ManualDecisionRequired" };

describe("a table in the engine", () => {
  test("#107: without entries it is left to a person, and the processed event has the Request's id", async () => {
    const { find, result } = await loaded([], { items: [field] });

    expect(await find()).toMatchObject(manual);
    expect(result()).toMatchObject({ result: "ManualRequestDecisionRequired", requestId: (await find()).id });
  });

  test("#108: a general reject answers every item with code and message; a general accept leaves some to a person", async () => {
    const rejected = await loaded([{ requestConfig: {}, responseConfig: busy }], { items: [field, field] });
    const left = await loaded([{ requestConfig: {}, responseConfig: yes }], { items: [field] });

    const item = { result: "Rejected", code: "busy", message: "Another time." };
    expect(await rejected.find()).toMatchObject({
      wasAutomaticallyDecided: true,
      response: { content: { result: "Rejected", items: [item, item] } },
    });
    expect(rejected.result()).toMatchObject({ result: "RequestAutomaticallyDecided" });
    expect(await left.find()).toMatchObject(manual);
  });

  test("#109: with a Consent item even a general reject leaves it to a person", async () => {
    const { find } = await loaded([{ requestConfig: {}, responseConfig: busy }], { items: [field, consent] });

    expect(await find()).toMatchObject(manual);
  });

  test("#110: of two matching entries the first answers", async () => {
    const entry = (code: string) => ({
      requestConfig: { [type]: "FormFieldRequestItem" },
      responseConfig: { accept: false, code } as const,
    });
    const { find, incoming } = await loaded([entry("first"), entry("second")], { items: [field] });

    expect(await find()).toMatchObject({ response: { content: { items: [{ code: "first" }] } } });
    expect(await incoming.decision((await find()).id)).toMatchObject({
      decider: { rule: "rules-table" },
      tried: [{ entries: { "items[0]": "#1" } }],
    });
  });

  const byNeed = [
    { requestConfig: { "content.item.mustBeAccepted": true }, responseConfig: yes },
    { requestConfig: { "content.item.mustBeAccepted": false }, responseConfig: busy },
  ];

  test("#111: what must be accepted is accepted and the rest rejected, in one accepted Response", async () => {
    const { find } = await loaded(byNeed, { items: [consent, field], options: open });

    expect(await find()).toMatchObject({
      response: { content: { result: "Accepted", items: [{ result: "Accepted" }, { result: "Rejected" }] } },
    });
  });

  test("#112: rejecting what must be accepted while another is accepted goes to a person, and nothing is stored", async () => {
    const table = [
      { requestConfig: { "content.item.mustBeAccepted": true }, responseConfig: busy },
      { requestConfig: { "content.item.mustBeAccepted": false }, responseConfig: yes },
    ];
    const { find, initiator } = await loaded(table, { items: [consent, optional], options: open });

    expect(await find()).toMatchObject(manual);
    expect(await find()).not.toHaveProperty("response");
    expect(await initiator.account.relationships.find()).toEqual([]);
  });

  test("#113: a Request without a title does not match one", async () => {
    const table = [{ requestConfig: { "content.title": "Hello" }, responseConfig: busy }];
    const without = await loaded(table, { items: [field] });
    const titled = await loaded(table, { items: [field], request: { title: "Hello" } });

    expect(await without.find()).toMatchObject(manual);
    expect(await titled.find()).toMatchObject({ wasAutomaticallyDecided: true });
  });

  test("#114: only what arrives inside the interval", async () => {
    const between = (from: string, to: string) =>
      loaded([{ requestConfig: { createdAt: [`>${from}`, `<${to}`] }, responseConfig: busy }], { items: [field] });

    expect(await (await between("2029-12-31", "2030-12-31")).find()).toMatchObject({ wasAutomaticallyDecided: true });
    expect(await (await between("2030-06-30", "2030-12-31")).find()).toMatchObject(manual);
  });

  test("#115: children of a group matched by different entries, and the Response mirrors the group", async () => {
    const items = [{ "@type": "RequestItemGroup", items: [consent, field] }, optional];
    const { find } = await loaded(byNeed, { items, options: open });

    expect(await find()).toMatchObject({
      response: {
        content: { items: [{ items: [{ result: "Accepted" }, { result: "Rejected" }] }, { result: "Rejected" }] },
      },
    });
  });

  test("#116: an engine whose table accepts to read with nothing does not start", async () => {
    const config = [{ requestConfig: { [type]: "ReadAttributeRequestItem" }, responseConfig: yes }];

    await expect(createRapport({ plugins: [rulesTable({ config })] })).rejects.toMatchObject({
      code: "error.runtime.decide.requestConfigDoesNotMatchResponseConfig",
    });
  });

  const newcomers: RuleTableConfig = [
    { requestConfig: { relationshipAlreadyExists: false, "content.item.mustBeAccepted": true }, responseConfig: yes },
  ];

  test("#117: a Request of a template from somebody new is accepted, and the Relationship created", async () => {
    const { find, initiator, templator } = await loaded(newcomers, { items: [consent], options: open });

    expect(await find()).toMatchObject({ status: "Completed", wasAutomaticallyDecided: true });
    expect(await initiator.account.relationships.find()).toMatchObject([{ status: "Pending" }]);
    const { id } = only(await templator.account.sync().then(() => templator.account.relationships.find()));
    await templator.account.relationships.accept(id);
    await initiator.account.sync();
    const content = structured({ onExistingRelationship: ask() });
    const next = await templator.account.templates.create({ content, expiresAt: onDay(30) });
    await initiator.account.templates.load({ reference: next.reference.truncated });
    expect(await initiator.account.requests.incoming.find({ status: "ManualDecisionRequired" })).toHaveLength(1);
  });

  test("a Request that an entry ignores is out of the queue, and nobody hears of it", async () => {
    const { incoming, find } = await loaded([{ requestConfig: {}, responseConfig: { ignore: true } }], {
      items: [field],
    });

    expect(await find()).toMatchObject({ ...manual, ignored: true });
    expect(await incoming.find()).toEqual([]);
  });
});

describe("the policy for pending Relationships", () => {
  const policy = (relationships: Extract<RuleTableConfig, { relationships?: unknown }>["relationships"]) => ({
    templator: { plugins: [rulesTable({ config: { relationships: relationships ?? [] } })] },
  });
  const answered = async (relationshipConfig: JsonObject, responseConfig: { accept: boolean } = yes) => {
    const entry = { name: "mine", relationshipConfig, responseConfig };
    const two = await couple({ ...policy([entry]), content: structured({ title: "Shop", metadata: { desk: 7 } }) });
    const { incoming } = two.initiator.account.requests;
    await two.initiator.account.templates.load({ reference: two.template.reference.truncated });
    await incoming.accept(only(await incoming.find()).id, { items: [yes] });
    await two.templator.account.sync();
    return only(await two.templator.account.relationships.find()).status;
  };

  test("accepts and rejects by what came with it", async () => {
    expect(await answered({ "template.metadata": { desk: 7 }, "response.result": "Accepted" })).toBe("Active");
    expect(await answered({ "template.title": ["Shop"], "request.isOwn": true }, { accept: false })).toBe("Rejected");
    expect(await answered({ "creationContent.@type": "RelationshipCreationContent" })).toBe("Active");
    expect(await answered({ "response.item.@type": "AcceptResponseItem", "response.item.result": "Accepted" })).toBe(
      "Active",
    );
    expect(await answered({ createdAt: ">2029-12-31" })).toBe("Active");
  });

  test("leaves alone what nothing matches", async () => {
    expect(await answered({ "template.metadata": { desk: 8 } })).toBe("Pending");
    expect(await answered({ "response.item.result": "Rejected" })).toBe("Pending");
    expect(await answered({ peer: "somebody else" })).toBe("Pending");
  });

  test("the first entry that matches wins, a person's entry too", async () => {
    const any = { relationshipConfig: {}, responseConfig: yes };
    const two = await pending(
      policy([{ name: "look", relationshipConfig: {}, responseConfig: { manual: true } }, any]),
    );

    expect(await two.templator.account.relationships.get(two.id)).toMatchObject({ status: "Pending" });
  });
});
