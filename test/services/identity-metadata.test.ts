// Notes about identities (spec/domain.md 2.2, spec/connector-api.md 1.12).
import { describe, expect, test } from "vitest";
import { active, arbitrary, couple, onDay, refused, terminated } from "./scenes.ts";

const notFound = "error.runtime.identityMetadata.notFound";
const invalid = "error.runtime.validation.invalidPropertyValue";

test.for([
  ["a text", "important"],
  ["an object", { visits: [1, 2] }],
  ["nothing", null],
] as const)("%s is kept as it is, with and without a key", async ([, value]) => {
  await using two = await active({ content: arbitrary });
  const { identityMetadata } = two.templator.account;
  const reference = two.initiator.account.address;

  for (const place of [{ reference }, { reference, key: "a/b ~" }]) {
    expect(await identityMetadata.upsert({ ...place, value })).toEqual({ ...place, value });
    expect(await identityMetadata.get(place)).toEqual({ ...place, value });
  }
});

test("a note is written anew, about oneself too, and each key has its own", async () => {
  await using two = await couple();
  const { identityMetadata, address: reference } = two.templator.account;
  await identityMetadata.upsert({ reference, value: 1 });
  await identityMetadata.upsert({ reference, key: "other", value: 2 });

  await identityMetadata.upsert({ reference, value: 3 });

  expect(await identityMetadata.get({ reference })).toEqual({ reference, value: 3 });
  expect((await identityMetadata.get({ reference, key: "other" })).value).toBe(2);
});

test("a deleted note is gone, and the other one stays", async () => {
  await using two = await couple();
  const { world, templator } = two;
  const { identityMetadata, address: reference } = templator.account;
  await identityMetadata.upsert({ reference, value: 1 });
  await identityMetadata.upsert({ reference, key: "other", value: 2 });

  await identityMetadata.delete({ reference });

  const where = { world, people: [templator] };
  await refused(notFound, () => identityMetadata.get({ reference }), where);
  await refused(notFound, () => identityMetadata.delete({ reference }), where);
  expect((await identityMetadata.get({ reference, key: "other" })).value).toBe(2);
});

test("nothing is noted about somebody who is neither oneself nor a peer", async () => {
  await using two = await couple();
  const { world, templator, initiator, template } = two;
  await initiator.account.templates.load({ reference: template.reference.url });
  const code = "error.runtime.identityMetadata.unfamiliarReferencedIdentity";
  for (const [one, other] of [
    [templator, initiator],
    [initiator, templator],
  ] as const) {
    const note = { reference: other.account.address, value: 1 };
    await refused(code, () => one.account.identityMetadata.upsert(note), { world, people: [one] });
  }
});

test("what is noted about a peer goes with its Relationship, and nobody else's", async () => {
  await using two = await terminated({ content: arbitrary });
  const { templator, initiator } = two;
  const { identityMetadata, address } = templator.account;
  const reference = initiator.account.address;
  await identityMetadata.upsert({ reference, value: "MARKER-one" }, { commandId: "a note" });
  await identityMetadata.upsert({ reference, key: "k", value: "MARKER-two" });
  await identityMetadata.upsert({ reference: address, value: "about me" });

  await templator.account.relationships.decompose(two.id);

  const left = JSON.stringify([...templator.disk.documents()]);
  expect(left).not.toContain("MARKER");
  expect(left).not.toContain(reference);
  expect((await identityMetadata.get({ reference: address })).value).toBe("about me");
});

test("the same command writes once", async () => {
  await using two = await couple();
  const { identityMetadata, address: reference } = two.templator.account;
  const once = { commandId: "once" };
  const first = await identityMetadata.upsert({ reference, value: 1 }, once);
  await identityMetadata.upsert({ reference, value: 2 });

  expect(await identityMetadata.upsert({ reference, value: 1 }, once)).toEqual(first);
  expect((await identityMetadata.get({ reference })).value).toBe(2);
  const other = identityMetadata.upsert({ reference, value: 3 }, once);
  await expect(other).rejects.toMatchObject({ code: "command.idReused" });
});

describe("notes that are none", () => {
  test.for([
    ["about nobody", { value: 1 }, invalid],
    ["about a name", { reference: "Ada", value: 1 }, invalid],
    ["under an empty key", { key: "", value: 1 }, invalid],
    ["under an endless key", { key: "k".repeat(201), value: 1 }, invalid],
    ["without a value", {}, "error.runtime.validation.invalidPayload"],
    ["of what JSON cannot carry", { value: Number.NaN }, "error.runtime.validation.invalidPayload"],
  ] as const)("%s", async ([what, input, code]) => {
    await using two = await couple();
    const { world, templator } = two;
    const reference = templator.account.address;
    const note = what === "about nobody" ? input : { reference, ...input };

    const write = () => templator.account.identityMetadata.upsert(note as never);
    await refused(code, write, { world, people: [templator] });
  });

  test("one that is too large", async () => {
    await using two = await couple();
    const { world, templator } = two;
    const note = { reference: templator.account.address, value: "m".repeat(10 * 1024 * 1024) };
    await templator.account.templates.create({ content: arbitrary, expiresAt: onDay(1) });

    const write = () => templator.account.identityMetadata.upsert(note);
    await refused("input.tooLarge", write, { world, people: [templator] });
  });
});
