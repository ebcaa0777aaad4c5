// Loading templates: who may, how often, and what is announced (spec/domain.md 2.3, 11.1).
import type { TemplateView } from "rapport";
import { expect, test } from "vitest";
import { arbitrary, couple, listen, loadRequest, no, onDay, refused } from "./scenes.ts";

const notFound = "error.platform.recordNotFound";
const exhausted = "error.platform.validation.relationshipTemplate.maxNumberOfAllocationsExhausted";
const loaded = "transport.peerRelationshipTemplateLoaded";
const allUsed = "transport.relationshipTemplateAllocationsExhausted";

const parts = (truncated: string): string[] => Buffer.from(truncated, "base64url").toString().split("|");
const written = (fields: readonly string[]): string => Buffer.from(fields.join("|")).toString("base64url");
const referenceOf = ({ reference }: TemplateView) => reference.truncated;

test("#5: a template for one allocation serves the first who loads it, and its owner hears of it once", async () => {
  await using two = await couple({ maxNumberOfAllocations: 1 });
  const { world, templator, initiator, template } = two;
  const late = await world.person("late");
  const ear = listen(templator.account);

  await initiator.account.templates.load({ reference: referenceOf(template) });

  const where = { world, people: [templator, initiator, late] };
  await refused(exhausted, () => late.account.templates.load({ reference: referenceOf(template) }), where);
  await templator.account.sync();
  await templator.account.sync();
  expect(ear.names()).toEqual([allUsed]);
  expect(ear.data(allUsed)).toEqual([template]);
  expect(await late.account.requests.incoming.find()).toEqual([]);
});

test("#6: loading again, and reading as the owner, use no allocation", async () => {
  await using two = await couple({ maxNumberOfAllocations: 2 });
  const { world, templator, initiator, template } = two;
  const reference = referenceOf(template);

  await initiator.account.templates.load({ reference });
  await initiator.account.templates.load({ reference });
  await initiator.account.templates.delete(template.id);
  await initiator.account.templates.load({ reference });
  await templator.account.templates.load({ reference });

  const second = await world.person("second");
  const third = await world.person("third");
  expect((await second.account.templates.load({ reference })).id).toBe(template.id);
  await expect(third.account.templates.load({ reference })).rejects.toMatchObject({ code: exhausted });
});

test("#7: an allocation is not given back when the Request is rejected", async () => {
  await using two = await couple({ maxNumberOfAllocations: 1 });
  const { world, templator, initiator, template } = two;
  const request = await loadRequest(initiator.account, template);

  await initiator.account.requests.incoming.reject(request.id, no);

  const late = await world.person("late");
  await refused(exhausted, () => late.account.templates.load({ reference: referenceOf(template) }), {
    world,
    people: [templator, initiator, late],
  });
});

test("#8: a personalised template is refused to others without asking the relay", async () => {
  await using two = await couple();
  const { world, templator, initiator } = two;
  const other = await world.person("other");
  const forIdentity = initiator.account.address;
  const personal = await templator.account.templates.create({ content: arbitrary, expiresAt: onDay(1), forIdentity });
  const calls = world.calls.length;

  const where = { world, people: [other] };
  await refused(
    "error.transport.general.notIntendedForYou",
    () => other.account.templates.load({ reference: personal.reference.url }),
    where,
  );

  expect(world.calls.length).toBe(calls);
  expect((await initiator.account.templates.load({ reference: personal.reference.url })).forIdentity).toBe(forIdentity);
});

test("#8: where the end of the address happens to fit, the relay says not found", async () => {
  await using two = await couple();
  const { world, templator, initiator } = two;
  const other = await world.person("other");
  const forIdentity = initiator.account.address;
  const personal = await templator.account.templates.create({ content: arbitrary, expiresAt: onDay(1), forIdentity });
  const [place = "", algorithm = "", key = "", truncated, password = ""] = parts(referenceOf(personal));
  const colliding = written([place, algorithm, key, other.account.address.slice(-4), password]);

  const where = { world, people: [templator, other] };
  await refused(notFound, () => other.account.templates.load({ reference: colliding }), where);

  expect(truncated).toBe(forIdentity.slice(-4));
  const { id, secretKey } = personal;
  await refused(notFound, () => other.account.templates.load({ id, secretKey }), where);
});

test("#9: a protected template needs its password and shows afterwards that it had one", async () => {
  await using two = await couple();
  const { world, templator, initiator } = two;
  const passwordProtection = { password: "open", passwordLocationIndicator: "Letter" };
  const made = await templator.account.templates.create({
    content: arbitrary,
    expiresAt: onDay(1),
    passwordProtection,
  });
  const reference = referenceOf(made);
  const { templates } = initiator.account;
  const where = { world, people: [templator, initiator] };

  await refused("error.transport.noPasswordProvided", () => templates.load({ reference }), where);
  await refused(notFound, () => templates.load({ reference, password: "Open" }), where);
  const opened = await templates.load({ reference, password: "open" });

  expect(opened.passwordProtection).toEqual(passwordProtection);
  expect(opened.reference).toEqual(made.reference);
  expect(await templates.get(made.id)).toEqual(opened);
});

test("a stored protected template still asks for a password, and takes any", async () => {
  await using two = await couple();
  const passwordProtection = { password: "1234", passwordIsPin: true } as const;
  const made = await two.templator.account.templates.create({
    content: arbitrary,
    expiresAt: onDay(1),
    passwordProtection,
  });
  const { templates } = two.initiator.account;
  const reference = referenceOf(made);
  const first = await templates.load({ reference, password: "1234" });

  await expect(templates.load({ reference })).rejects.toMatchObject({ code: "error.transport.noPasswordProvided" });
  expect(await templates.load({ reference, password: "another" })).toEqual(first);
});

test("#11: a stored template is announced again, an own one never", async () => {
  await using two = await couple({ content: arbitrary });
  const { templator, initiator, template } = two;
  const reference = referenceOf(template);
  const mine = listen(initiator.account);
  const theirs = listen(templator.account);

  const first = await initiator.account.templates.load({ reference });
  const again = await initiator.account.templates.load({ reference });
  const own = await templator.account.templates.load({ reference });

  expect(again).toEqual(first);
  expect(first).toMatchObject({ id: template.id, isOwn: false, createdBy: templator.account.address });
  expect(mine.names()).toEqual([loaded, "consumption.relationshipTemplateProcessed", ...mine.names().slice(0, 2)]);
  expect(mine.data(loaded)).toEqual([first, first]);
  expect(own).toEqual(template);
  expect(theirs.names()).toEqual([]);
});

test("an own template that was forgotten here comes back as an own one, silently", async () => {
  await using two = await couple({ content: arbitrary });
  const { templator, template } = two;
  const early = templator.disk.copy();
  const made = await templator.account.templates.create({ content: arbitrary, expiresAt: onDay(1) });
  const account = await templator.restart({ disk: early });
  const ear = listen(account);

  const back = await account.templates.load({ reference: referenceOf(made) });

  expect(back).toEqual(made);
  expect(ear.names()).toEqual([]);
  expect((await account.templates.find({ isOwn: "true" })).map(({ id }) => id)).toEqual([template.id, made.id]);
});

test("#14: a reference of two, four or six parts is refused", async () => {
  await using two = await couple();
  const fields = parts(referenceOf(two.template));
  const { templates } = two.initiator.account;
  const where = { world: two.world, people: [two.initiator] };
  const malformed = "error.core-types.invalidTruncatedReference";

  for (const count of [1, 2, 4]) {
    await refused(malformed, () => templates.load({ reference: written(fields.slice(0, count)) }), where);
  }
  await refused(malformed, () => templates.load({ reference: written([...fields, ""]) }), where);

  const three = await templates.load({ reference: written(fields.slice(0, 3)) });
  expect(three.id).toBe(two.template.id);
});

test("#15: a template loads by id and secret key", async () => {
  await using two = await couple();
  const { id, secretKey } = two.template;

  const opened = await two.initiator.account.templates.load({ id, secretKey });

  expect(opened.content).toEqual(two.template.content);
  const { initiator, world } = two;
  const where = { world, people: [initiator] };
  const unknown = "error.runtime.invalidReference";
  await refused(unknown, () => initiator.account.templates.load({ id: `FIL${id.slice(3)}`, secretKey }), where);
});

test("all forms of the reference lead to the same template", async () => {
  await using two = await couple();
  const { truncated, url } = two.template.reference;
  const people = [await two.world.person("second"), await two.world.person("third")];

  const opened = [
    await two.initiator.account.templates.load({ reference: truncated }),
    await people[0]?.account.templates.load({ reference: url }),
    await people[1]?.account.templates.load({ reference: url.replace("#", "?app=library#") }),
  ];

  expect(opened.map((one) => one?.id)).toEqual(Array(3).fill(two.template.id));
  expect(two.template.truncatedReference).toBe(truncated);
  expect(url).toMatch(new RegExp(`/r/${two.template.id}#`));
});
