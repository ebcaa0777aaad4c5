// Bad input, one kind after the other: each has its code, and afterwards every disk is as it was before.
import type { JsonObject } from "rapport/core";
import { describe, expect, test } from "vitest";
import {
  active,
  arbitrary,
  ask,
  type Couple,
  consent,
  couple,
  differences,
  everything,
  greeting,
  loadRequest,
  onDay,
  refused,
  structured,
  yes,
} from "../services/scenes.ts";

const dayMs = 24 * 60 * 60 * 1000;
const notFound = "error.platform.recordNotFound";
const decide = "error.consumption.requests.decide.validation";
const inherited = "error.consumption.requests.validation.inheritedFromItem";

const everybody = ({ world, templator, initiator }: Couple) => ({ world, people: [templator, initiator] });

const changedFields = (reference: string, change: (fields: string[]) => readonly string[]) => {
  const fields = Buffer.from(reference, "base64url").toString().split("|");
  return Buffer.from(change(fields).join("|")).toString("base64url");
};

test("a reference to something that does not exist", async () => {
  await using two = await couple();
  const { truncated } = two.template.reference;
  const reference = changedFields(truncated, ([place = "", ...rest]) => [place.replace(/\w{4}@/, "0000@"), ...rest]);

  await refused(notFound, () => two.initiator.account.templates.load({ reference }), everybody(two));
});

describe("a malformed reference", () => {
  test.for([
    ["nothing", () => ""],
    ["a sentence", () => "Please load this."],
    ["a link to somewhere else", () => "https://example.org/"],
    ["a link without its secret", (url: string) => url.slice(0, url.indexOf("#"))],
    ["half a link", (url: string) => url.slice(0, -20)],
    ["a truncated reference that lost its end", (_url: string, truncated: string) => truncated.slice(0, 40)],
    ["a key that is too short", (_: string, text: string) => changedFields(text, (all) => all.with(2, "AAAA"))],
    ["an algorithm of tomorrow", (_: string, text: string) => changedFields(text, (all) => all.with(1, "4"))],
    ["an id of nothing", (_: string, text: string) => changedFields(text, (all) => all.with(0, "XYZ"))],
    ["an end of an address that is none", (_: string, text: string) => changedFields(text, (all) => all.with(3, "zz"))],
    ["a protection of no known kind", (_: string, text: string) => changedFields(text, (all) => all.with(4, "key&x"))],
    ["a very long text", () => "A".repeat(100_000)],
  ] as const)("%s", async ([, spoil]) => {
    await using two = await couple();
    const { url, truncated } = two.template.reference;
    const reference = spoil(url, truncated);

    await refused(
      "error.core-types.invalidTruncatedReference",
      () => two.initiator.account.templates.load({ reference }),
      everybody(two),
    );
  });
});

test("a reference with the key of another template", async () => {
  await using two = await couple();
  const other = await two.templator.account.templates.create({ content: arbitrary, expiresAt: onDay(1) });
  const reference = changedFields(two.template.reference.truncated, (all) => all.with(2, other.secretKey));
  const before = everything(two.world, two.initiator);

  const loading = two.initiator.account.templates.load({ reference });

  await expect(loading).rejects.toMatchObject({ code: "seal.broken" });
  // The relay gave its slot away before anybody could know.
  const changed = differences(before, everything(two.world, two.initiator));
  expect(changed.filter((key) => !key.startsWith("relay: relay/allocation"))).toEqual([]);
});

test("a wrong password", async () => {
  await using two = await couple();
  const protection = { passwordProtection: { password: "right" } };
  const locked = await two.templator.account.templates.create({
    content: arbitrary,
    expiresAt: onDay(1),
    ...protection,
  });
  const { truncated: reference } = locked.reference;

  await refused(notFound, () => two.initiator.account.templates.load({ reference, password: "wrong" }), everybody(two));
});

test("a template that is personalised for somebody else", async () => {
  await using two = await couple();
  const forIdentity = two.templator.account.address;
  const theirs = await two.templator.account.templates.create({ content: arbitrary, expiresAt: onDay(1), forIdentity });
  const { load } = two.initiator.account.templates;

  const code = "error.transport.general.notIntendedForYou";
  await refused(code, () => load({ reference: theirs.reference.url }), everybody(two));
  await refused(notFound, () => load({ id: theirs.id, secretKey: theirs.secretKey }), everybody(two));
});

test("an exhausted template", async () => {
  await using two = await couple({ maxNumberOfAllocations: 1 });
  const late = await two.world.person("late");
  await two.initiator.account.templates.load({ reference: two.template.reference.url });
  await late.account.sync();

  await refused(
    "error.platform.validation.relationshipTemplate.maxNumberOfAllocationsExhausted",
    () => late.account.templates.load({ reference: two.template.reference.url }),
    { world: two.world, people: [two.templator, two.initiator, late] },
  );
});

test("an expired template, loaded too late or used too late", async () => {
  await using two = await couple({ content: arbitrary, expiresAt: onDay(1) });
  const { world, initiator, template } = two;
  const late = await world.person("late");
  await initiator.account.templates.load({ reference: template.reference.url });
  world.clock.advance(dayMs + 1);

  const where = { world, people: [initiator, late] };
  await refused(notFound, () => late.account.templates.load({ reference: template.reference.url }), where);
  await refused(
    "error.transport.relationships.relationshipTemplateIsExpired",
    () => initiator.account.relationships.create({ templateId: template.id, creationContent: greeting }),
    where,
  );
});

test("an expired Request, decided too late or sent too late", async () => {
  await using two = await active({ content: structured({ onExistingRelationship: ask({ expiresAt: onDay(1) }) }) });
  const { world, templator, initiator, template } = two;
  const { incoming } = initiator.account.requests;
  const { id } = await loadRequest(initiator.account, template);
  const peer = initiator.account.address;
  const content = ask({ expiresAt: onDay(1) });
  const draft = await templator.account.requests.outgoing.create({ content, peer });
  world.clock.advance(dayMs + 1);
  for (const { account } of [templator, initiator]) await account.tick();

  await refused("request.wrongStatus", () => incoming.accept(id, yes), everybody(two));
  await refused(
    "error.runtime.messages.cannotSendMessageWithExpiredRequest",
    () => templator.account.messages.send({ recipients: [peer], content: draft.content }),
    everybody(two),
  );
});

const grouped: JsonObject = {
  "@type": "Request",
  items: [consent, { "@type": "RequestItemGroup", title: "Both", items: [consent, consent] }],
};

describe("a decision that does not have the shape of its Request", () => {
  const accepted = { accept: true };
  const group = { items: [accepted, accepted] };

  test.for([
    ["too few items", { items: [accepted] }, `${decide}.invalidNumberOfItems`, undefined],
    ["too many items", { items: [accepted, group, accepted] }, `${decide}.invalidNumberOfItems`, undefined],
    ["too few in a group", { items: [accepted, { items: [accepted] }] }, inherited, "invalidNumberOfItems"],
    [
      "a group answered as an item",
      { items: [accepted, accepted] },
      inherited,
      "requestItemGroupAnsweredAsRequestItem",
    ],
    ["an item answered as a group", { items: [group, group] }, inherited, "requestItemAnsweredAsRequestItemGroup"],
    ["an item left out", { items: [{ accept: false }, group] }, inherited, "mustBeAcceptedItemNotAccepted"],
  ] as const)("%s", async ([, decision, code, inner]) => {
    await using two = await couple({ content: structured({ onNewRelationship: grouped }) });
    const { incoming } = two.initiator.account.requests;
    const { id } = await loadRequest(two.initiator.account, two.template);

    await refused(code, () => incoming.accept(id, decision), everybody(two));

    const verdict = await incoming.canAccept(id, decision);
    expect(verdict).toMatchObject({ isSuccess: false, code });
    if (inner !== undefined) expect(JSON.stringify(verdict)).toContain(`${decide}.${inner}`);
  });

  test.for([
    ["no items", {}, "error.runtime.validation.invalidPayload"],
    ["a yes", "yes", "error.runtime.validation.invalidPayload"],
    ["an item without an answer", { items: [{}] }, "error.runtime.validation.invalidPayload"],
    ["an answer in words", { items: [{ accept: "true" }] }, "error.runtime.validation.invalidPropertyValue"],
  ] as const)("%s", async ([, decision, code]) => {
    await using two = await couple();
    const { incoming } = two.initiator.account.requests;
    const { id } = await loadRequest(two.initiator.account, two.template);
    const given = decision as unknown as typeof yes;

    await refused(code, () => incoming.accept(id, given), everybody(two));
    await refused(code, () => incoming.canReject(id, given), everybody(two));
  });
});
