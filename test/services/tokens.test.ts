// Tokens for templates (spec/domain.md 2.4, 11.1).
import type { Answer, JsonObject, TransportPort } from "rapport/core";
import { describe, expect, test } from "vitest";
import { keyIn, reseal } from "./resealing.ts";
import { active, arbitrary, couple, onDay, refused } from "./scenes.ts";

const t = "error.runtime.relationshipTemplates";
const notFound = "error.platform.recordNotFound";

test("a token leads to its template and is kept only when asked for", async () => {
  await using two = await couple();
  const { templator, initiator, template } = two;

  const token = await templator.account.tokens.createForTemplate({ templateId: template.id });
  const kept = await templator.account.tokens.createForTemplate({ templateId: template.id, ephemeral: false });

  const opened = await initiator.account.templates.load({ reference: token.reference.truncated });
  expect(opened).toMatchObject({ id: template.id, content: template.content, reference: template.reference });
  expect((await initiator.account.templates.load({ reference: kept.reference.url })).id).toBe(template.id);
  expect(token).toMatchObject({ isOwn: true, expiresAt: template.expiresAt, isEphemeral: true });
  const tokens = [...templator.disk.documents().keys()].filter((key) => key.includes("/tokens/"));
  expect(tokens.map((key) => key.split("/").at(-1))).toEqual([kept.id]);
  const atInitiator = [...initiator.disk.documents().keys()].filter((key) => key.includes("TOK"));
  expect(atInitiator).toEqual([]);
});

test("erasing a Relationship takes along the tokens of its template for one, and what its commands left", async () => {
  await using two = await active({ maxNumberOfAllocations: 1 });
  const { templator, initiator, template } = two;
  const forIdentity = initiator.account.address;
  const wanted = { templateId: template.id, ephemeral: false, forIdentity };
  const token = await templator.account.tokens.createForTemplate(wanted, { commandId: "a token" });
  await templator.account.relationships.terminate(two.id, { commandId: "an end" });

  await templator.account.relationships.decompose(two.id);

  const left = JSON.stringify([...templator.disk.documents()]);
  expect(left).not.toContain(token.id);
  expect(left).not.toContain(forIdentity);
  expect(left).not.toContain(encodeURIComponent("an end"));
});

describe("#12: a token inherits its template's protection", () => {
  test("the address", async () => {
    await using two = await couple();
    const { world, templator, initiator } = two;
    const { tokens, templates } = templator.account;
    const forIdentity = initiator.account.address;
    const { id } = await templates.create({ content: arbitrary, expiresAt: onDay(9), forIdentity });
    const where = { world, people: [templator] };
    const code = `${t}.personalizationMustBeInherited`;

    await refused(code, () => tokens.createForTemplate({ templateId: id }), where);
    const mine = templator.account.address;
    await refused(code, () => tokens.createForTemplate({ templateId: id, forIdentity: mine }), where);
    const token = await tokens.createForTemplate({ templateId: id, forIdentity });

    expect((await initiator.account.templates.load({ reference: token.reference.url })).id).toBe(id);
    const other = await world.person("other");
    await refused(
      "error.transport.general.notIntendedForYou",
      () => other.account.templates.load({ reference: token.reference.url }),
      { world, people: [other] },
    );
  });

  test("the password, its type and its place", async () => {
    await using two = await couple();
    const { world, templator, initiator } = two;
    const { tokens, templates } = templator.account;
    const passwordProtection = { password: "1234", passwordIsPin: true, passwordLocationIndicator: "Letter" } as const;
    const { id } = await templates.create({ content: arbitrary, expiresAt: onDay(9), passwordProtection });
    const where = { world, people: [templator] };
    const code = `${t}.passwordProtectionMustBeInherited`;

    await refused(code, () => tokens.createForTemplate({ templateId: id }), where);
    for (const wrong of [
      { ...passwordProtection, password: "1235" },
      { password: "1234", passwordLocationIndicator: "Letter" },
      { password: "1234", passwordIsPin: true, passwordLocationIndicator: "Self" },
      { password: "1234", passwordIsPin: true },
    ] as const) {
      await refused(code, () => tokens.createForTemplate({ templateId: id, passwordProtection: wrong }), where);
    }
    const token = await tokens.createForTemplate({ templateId: id, passwordProtection });

    const { load } = initiator.account.templates;
    const reference = token.reference.truncated;
    await refused("error.transport.noPasswordProvided", () => load({ reference }), { world, people: [initiator] });
    await expect(load({ reference, password: "4321" })).rejects.toMatchObject({ code: notFound });
    expect(await load({ reference, password: "1234" })).toMatchObject({ id, passwordProtection });
  });

  test("nobody makes tokens for a peer's template", async () => {
    await using two = await couple();
    const { world, initiator, template } = two;
    await initiator.account.templates.load({ reference: template.reference.url });

    await refused(
      `${t}.cannotCreateTokenForPeerTemplate`,
      () => initiator.account.tokens.createForTemplate({ templateId: template.id }),
      { world, people: [initiator] },
    );
  });
});

test("a token may protect a template that has no protection itself", async () => {
  await using two = await couple();
  const { world, templator, initiator, template } = two;
  const protection = { forIdentity: initiator.account.address, passwordProtection: { password: "p" } };

  const token = await templator.account.tokens.createForTemplate({ templateId: template.id, ...protection });

  const { load } = initiator.account.templates;
  const reference = token.reference.url;
  await refused("error.transport.noPasswordProvided", () => load({ reference }), { world, people: [initiator] });
  expect((await load({ reference, password: "p" })).id).toBe(template.id);
  expect(token.passwordProtection).toEqual({ password: "p" });
});

describe("what a token cannot be made from", () => {
  test.for([
    ["a template that is not here", { templateId: "RLT00000000000000000" }, "error.runtime.recordNotFound"],
    ["an expiry in the past", { expiresAt: onDay(-1) }, "error.runtime.validation.invalidPropertyValue"],
    ["an expiry that is no date", { expiresAt: "soon" }, "error.runtime.validation.invalidPropertyValue"],
    ["a name as its address", { forIdentity: "Ada" }, "error.runtime.validation.invalidPropertyValue"],
    [
      "a password that is none",
      { passwordProtection: { password: "" } },
      "error.runtime.validation.invalidPropertyValue",
    ],
  ] as const)("%s", async ([, spoiled, code]) => {
    await using two = await couple();
    const { world, templator, template } = two;
    const input = { templateId: template.id, ...spoiled };

    await refused(code, () => templator.account.tokens.createForTemplate(input), { world, people: [templator] });
  });
});

/** A relay that hands out other tokens than it was given. */
const handing = (change: (content: string) => string) => (transport: TransportPort) => ({
  ...transport,
  call: async (...call: Parameters<TransportPort["call"]>): Promise<Answer> => {
    const answer = await transport.call(...call);
    if (!answer.ok || call[0].operation !== "getToken") return answer;
    const token = answer.result as JsonObject;
    return { ...answer, result: { ...token, content: change(String(token["content"])) } };
  },
});

test("#13: a token that holds a file is refused where a template is asked for", async () => {
  let key = "";
  const file = { "@type": "TokenContentFile", fileId: "FIL00000000000000000", secretKey: "unused" };
  const holdsFile = handing((content) => reseal(content, key, () => JSON.stringify(file)));
  await using two = await couple({ initiator: { transport: holdsFile } });
  const { world, templator, initiator, template } = two;
  const token = await templator.account.tokens.createForTemplate({ templateId: template.id });
  key = keyIn(token.reference.truncated);

  await expect(initiator.account.templates.load({ reference: token.reference.truncated })).rejects.toMatchObject({
    code: "error.runtime.invalidTokenContent",
  });

  expect(world.warnings).toEqual([]);
  expect(await initiator.account.templates.find()).toEqual([]);
});

test("#13: a reference to a file is refused where a template is asked for", async () => {
  await using two = await couple();
  const { world, initiator, template } = two;
  const text = Buffer.from(template.reference.truncated, "base64url").toString();
  const reference = Buffer.from(text.replace("RLT", "FIL")).toString("base64url");

  await refused("error.runtime.invalidReference", () => initiator.account.templates.load({ reference }), {
    world,
    people: [initiator],
  });
});

test("a token that has expired is not found", async () => {
  await using two = await couple();
  const { world, templator, initiator, template } = two;
  const token = await templator.account.tokens.createForTemplate({ templateId: template.id, expiresAt: onDay(1) });
  world.clock.advance(24 * 60 * 60 * 1000 + 1);

  await refused(notFound, () => initiator.account.templates.load({ reference: token.reference.url }), {
    world,
    people: [templator, initiator],
  });
});

test("the same command gives the same token", async () => {
  await using two = await couple();
  const { tokens } = two.templator.account;
  const input = { templateId: two.template.id };

  const first = await tokens.createForTemplate(input, { commandId: "once" });

  expect(await tokens.createForTemplate(input, { commandId: "once" })).toEqual(first);
  const other = tokens.createForTemplate({ ...input, ephemeral: false }, { commandId: "once" });
  await expect(other).rejects.toMatchObject({ code: "command.idReused" });
});
