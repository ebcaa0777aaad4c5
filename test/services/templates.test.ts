// Making templates (spec/domain.md 2.3, 11.1).
import { createWorld } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { arbitrary, ask, couple, onDay, only, refused, startMs, structured } from "./scenes.ts";

const invalid = "error.runtime.validation.invalidPropertyValue";

test("#1: a Request without its own expiry takes over that of its template", async () => {
  await using two = await couple({ expiresAt: onDay(7) });

  expect(two.template.content["onNewRelationship"]).toEqual(ask({ expiresAt: onDay(7) }));
  expect(await two.templator.account.templates.get(two.template.id)).toEqual(two.template);
});

test("#2: a Request for a new Relationship may expire with its template, and not a second later", async () => {
  await using two = await couple();
  const { templates } = two.templator.account;
  const second = new Date(startMs + 1000).toISOString();
  const later = new Date(startMs + 2000).toISOString();
  const equal = structured({ onNewRelationship: ask({ expiresAt: second }) });

  const made = await templates.create({ content: equal, expiresAt: second });

  expect(made.content).toEqual(equal);
  await refused(
    "error.runtime.relationshipTemplates.requestCannotExpireAfterRelationshipTemplate",
    () =>
      templates.create({ content: structured({ onNewRelationship: ask({ expiresAt: later }) }), expiresAt: second }),
    { world: two.world, people: [two.templator] },
  );
});

test("#2: a Request for an existing Relationship may outlive its template and stays as it is", async () => {
  await using two = await couple();
  const content = structured({ onExistingRelationship: ask({ expiresAt: onDay(90) }) });

  const made = await two.templator.account.templates.create({ content, expiresAt: onDay(1) });

  expect(made.content["onExistingRelationship"]).toEqual(ask({ expiresAt: onDay(90) }));
  const unlimited = structured({ onExistingRelationship: ask() });
  const other = await two.templator.account.templates.create({ content: unlimited, expiresAt: onDay(1) });
  expect(other.content["onExistingRelationship"]).toEqual(ask());
});

test("#3: content without a known type is refused, and the same is free when it says that it is arbitrary", async () => {
  await using two = await couple();
  const { templates } = two.templator.account;

  const made = await templates.create({ content: arbitrary, expiresAt: onDay(1) });

  expect(made.content).toEqual({ "@type": "ArbitraryRelationshipTemplateContent", value: { a: 1 } });
  const where = { world: two.world, people: [two.templator] };
  await refused(invalid, () => templates.create({ content: { a: 1 }, expiresAt: onDay(1) }), where);
  const known = { "@type": "Mail", to: [] };
  await refused(invalid, () => templates.create({ content: known, expiresAt: onDay(1) }), where);
});

test("an item that cannot be created names itself below its Request", async () => {
  await using two = await couple();
  const rating = {
    "@type": "FormFieldRequestItem",
    title: "How many?",
    mustBeAccepted: true,
    settings: { "@type": "IntegerFormFieldSettings", min: 3, max: 1 },
  };
  const content = structured({ onNewRelationship: { "@type": "Request", items: [rating] } });

  const creating = two.templator.account.templates.create({ content, expiresAt: onDay(1) });

  await expect(creating).rejects.toMatchObject({
    code: "error.consumption.requests.validation.inheritedFromItem",
    details: { validation: { items: [{ code: "error.consumption.requests.invalidRequestItem" }] } },
  });
});

describe("#10: password protection", () => {
  test.for([
    ["a PIN with a letter", { password: "12a4", passwordIsPin: true }],
    ["a PIN of three digits", { password: "123", passwordIsPin: true }],
    ["a PIN of seventeen digits", { password: "12345678901234567", passwordIsPin: true }],
    ["an empty password", { password: "" }],
    ["a PIN that is not one", { password: "1234", passwordIsPin: false }],
    ["the place 0", { password: "pass", passwordLocationIndicator: 0 }],
    ["the place 1", { password: "pass", passwordLocationIndicator: 1 }],
    ["the place 100", { password: "pass", passwordLocationIndicator: 100 }],
    ["the place 50.5", { password: "pass", passwordLocationIndicator: 50.5 }],
    ["the place RecoveryKit", { password: "pass", passwordLocationIndicator: "RecoveryKit" }],
    ["a place that nobody knows", { password: "pass", passwordLocationIndicator: "Cupboard" }],
  ] as const)("%s is refused", async ([, protection]) => {
    await using two = await couple();
    const passwordProtection = protection as { password: string };

    await refused(
      invalid,
      () => two.templator.account.templates.create({ content: structured(), expiresAt: onDay(1), passwordProtection }),
      { world: two.world, people: [two.templator] },
    );
  });

  test.for([
    { password: "1234", passwordIsPin: true },
    { password: "1234567890123456", passwordIsPin: true },
    { password: "p", passwordLocationIndicator: 50 },
    { password: "p", passwordLocationIndicator: 99 },
    { password: "p", passwordLocationIndicator: "Letter" },
    { password: "p", passwordLocationIndicator: "Website" },
  ] as const)("%j works", async (passwordProtection) => {
    await using two = await couple();
    const { templates } = two.templator.account;

    const made = await templates.create({ content: structured(), expiresAt: onDay(1), passwordProtection });

    expect(made.passwordProtection).toEqual(passwordProtection);
    const loaded = await two.initiator.account.templates.load({
      reference: made.reference.url,
      password: passwordProtection.password,
    });
    expect(loaded.passwordProtection).toEqual(passwordProtection);
  });
});

test.for([
  ["no expiry", { expiresAt: undefined }],
  ["an expiry that is no date", { expiresAt: "soon" }],
  ["an expiry that is now", { expiresAt: onDay(0) }],
  ["no allocation", { maxNumberOfAllocations: 0 }],
  ["half an allocation", { maxNumberOfAllocations: 1.5 }],
  ["a name instead of an address", { forIdentity: "Ada" }],
  ["an address with a typo", { forIdentity: "did:e:localhost:dids:0123456789abcdef012345" }],
] as const)("%s is refused", async ([, spoiled]) => {
  await using two = await couple();
  const input = { content: structured(), expiresAt: onDay(1), ...spoiled } as {
    content: typeof arbitrary;
    expiresAt: string;
  };

  await refused(invalid, () => two.templator.account.templates.create(input), {
    world: two.world,
    people: [two.templator],
  });
});

test("templates are found by what they are", async () => {
  await using two = await couple();
  const { account } = two.templator;
  const personal = await account.templates.create({
    content: arbitrary,
    expiresAt: onDay(1),
    forIdentity: two.initiator.account.address,
    passwordProtection: { password: "p" },
  });

  const found = await account.templates.find({ forIdentity: two.initiator.account.address });

  expect(found).toEqual([personal]);
  expect(await account.templates.find({ passwordProtection: "!" })).toEqual([two.template]);
  expect(await account.templates.find({ isOwn: "false" })).toEqual([]);
  expect((await account.templates.find({}, { limit: 1, after: two.template.id })).map(({ id }) => id)).toEqual([
    personal.id,
  ]);
});

test("deleting an own template deletes it for everybody, deleting a peer's only here", async () => {
  await using two = await couple();
  const { templator, initiator, template } = two;
  await initiator.account.templates.load({ reference: template.reference.url });

  await initiator.account.templates.delete(template.id);

  expect(await initiator.account.templates.find()).toEqual([]);
  expect(await templator.account.templates.get(template.id)).toEqual(template);
  await templator.account.templates.delete(template.id);
  await expect(initiator.account.templates.load({ reference: template.reference.url })).rejects.toMatchObject({
    code: "error.platform.recordNotFound",
  });
  await expect(templator.account.templates.delete(template.id)).rejects.toMatchObject({
    code: "error.runtime.recordNotFound",
  });
});

test("the same command gives the same template, and another one under its id is refused", async () => {
  await using world = await createWorld({ seed: 3 });
  const { account } = await world.person("templator");
  const input = { content: arbitrary, expiresAt: onDay(1) };

  const first = await account.templates.create(input, { commandId: "once" });
  const again = await account.templates.create(input, { commandId: "once" });

  expect(again).toEqual(first);
  expect(only(await account.templates.find())).toEqual(first);
  await expect(
    account.templates.create({ ...input, expiresAt: onDay(2) }, { commandId: "once" }),
  ).rejects.toMatchObject({ code: "command.idReused" });
});
