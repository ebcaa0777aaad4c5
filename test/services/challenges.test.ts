// Proofs of who one is (spec/backbone-protocol.md 4.1, spec/connector-api.md 1.12).
import { describe, expect, test } from "vitest";
import { active, arbitrary, couple, pending, refused, terminated } from "./scenes.ts";

const types = ["Identity", "Device", "Relationship"] as const;

test.for(types)("a challenge of the type %s is the relay's own text, signed", async (challengeType) => {
  await using two = await active({ content: arbitrary });
  const { account } = two.initiator;

  const challenge = await account.challenges.create({ challengeType, relationship: two.id });

  expect(challenge).toEqual({
    id: expect.stringMatching(/^CHL/),
    expiresAt: "2030-01-01T00:10:00.000Z",
    createdBy: account.address,
    createdByDevice: account.deviceId,
    type: challengeType,
    signature: expect.any(String),
    challengeString: expect.any(String),
  });
  const { signature: _, type, challengeString, ...rest } = challenge;
  expect(JSON.parse(challengeString)).toEqual({ ...rest, type });
  expect(Object.keys(JSON.parse(challengeString))).toEqual(Object.keys({ ...rest, type }).toSorted());
});

test.for(["Identity", "Relationship"] as const)("a peer sees whose challenge of the type %s it is", async (type) => {
  await using two = await active({ content: arbitrary });
  const { templator, initiator } = two;
  for (const [signer, reader] of [
    [templator, initiator],
    [initiator, templator],
  ] as const) {
    const challenge = await signer.account.challenges.create({ challengeType: type, relationship: two.id });

    const seen = await reader.account.challenges.validate(challenge);

    expect(seen).toMatchObject({
      isValid: true,
      correspondingRelationship: { id: two.id, peer: signer.account.address },
    });
  }
});

test("one's own challenge is valid, and belongs to no Relationship", async () => {
  await using two = await couple();
  const { challenges } = two.initiator.account;

  const own = await challenges.create({ challengeType: "Identity" });

  expect(await challenges.validate(own)).toEqual({ isValid: true });
});

test("a stranger's challenge proves nothing", async () => {
  await using two = await couple();
  const theirs = await two.templator.account.challenges.create({ challengeType: "Identity" });

  expect(await two.initiator.account.challenges.validate(theirs)).toEqual({ isValid: false });
});

test("the keys of devices are known to nobody else", async () => {
  await using two = await active({ content: arbitrary });
  const { world, templator, initiator } = two;
  const challenge = await templator.account.challenges.create({ challengeType: "Device" });

  await refused("error.runtime.notSupported", () => initiator.account.challenges.validate(challenge), {
    world,
    people: [initiator],
  });
});

describe("what is not valid", () => {
  test("the signature of another challenge", async () => {
    await using two = await active({ content: arbitrary });
    const { challenges } = two.templator.account;
    const [one, other] = [
      await challenges.create({ challengeType: "Identity" }),
      await challenges.create({ challengeType: "Identity" }),
    ];

    const mixed = { challengeString: one.challengeString, signature: other.signature };

    expect(await two.initiator.account.challenges.validate(mixed)).toEqual({ isValid: false });
  });

  test("a key of another type", async () => {
    await using two = await active({ content: arbitrary });
    const { challenges } = two.templator.account;
    const { challengeString } = await challenges.create({ challengeType: "Identity" });
    const { signature } = await challenges.create({ challengeType: "Relationship", relationship: two.id });

    const mixed = { challengeString, signature };

    expect(await two.initiator.account.challenges.validate(mixed)).toEqual({ isValid: false });
  });

  test("one that is over", async () => {
    await using two = await active({ content: arbitrary });
    const challenge = await two.templator.account.challenges.create({ challengeType: "Identity" });
    two.world.clock.advance(10 * 60 * 1000);

    expect(await two.initiator.account.challenges.validate(challenge)).toEqual({ isValid: false });
  });

  test("one that the relay lent to somebody else, or never", async () => {
    await using two = await active({ content: arbitrary });
    const { templator, initiator } = two;
    const lies = [
      (said: object) => ({ ...said, id: "CHL00000000000000000" }),
      (said: object) => ({ ...said, expiresAt: "2031-01-01T00:00:00.000Z" }),
    ];
    for (const lie of lies) {
      const restored = await templator.restart({
        transport: (transport) => ({
          ...transport,
          call: async (call, session) => {
            const answer = await transport.call(call, session);
            if (!answer.ok || call.operation !== "createChallenge") return answer;
            return { ...answer, result: lie(answer.result as object) as never };
          },
        }),
      });
      const challenge = await restored.challenges.create({ challengeType: "Identity" });

      expect(await initiator.account.challenges.validate(challenge)).toEqual({ isValid: false });
    }
  });
});

describe("challenges that are refused", () => {
  test("one for a Relationship that is not named", async () => {
    await using two = await couple();
    const { world, initiator } = two;
    const create = () => initiator.account.challenges.create({ challengeType: "Relationship" });

    await refused("error.runtime.validation.invalidPayload", create, { world, people: [initiator] });
  });

  test("one for a Relationship that nobody knows", async () => {
    await using two = await couple();
    const { world, initiator } = two;
    const wanted = { challengeType: "Relationship", relationship: "REL00000000000000000" } as const;

    const create = () => initiator.account.challenges.create(wanted);
    await refused("error.runtime.recordNotFound", create, { world, people: [initiator] });
  });

  test.for([
    ["Pending", pending],
    ["Terminated", terminated],
  ] as const)("one for a Relationship that is %s", async ([, scene]) => {
    await using two = await scene({ content: arbitrary });
    const { world, initiator, templator } = two;
    const code = "error.transport.challenges.challengeTypeRequiresActiveRelationship";
    for (const one of [initiator, templator]) {
      const create = () => one.account.challenges.create({ challengeType: "Relationship", relationship: two.id });
      await refused(code, create, { world, people: [one] });
    }
  });

  test("texts that are no challenge", async () => {
    await using two = await couple();
    const { world, initiator } = two;
    const { challengeString, signature } = await initiator.account.challenges.create({ challengeType: "Identity" });
    for (const wrong of [
      { challengeString: "{", signature },
      { challengeString: "{}", signature },
      { challengeString, signature: "???" },
      { challengeString, signature: "" },
    ]) {
      const validate = () => initiator.account.challenges.validate(wrong);
      await refused("error.runtime.validation.invalidPropertyValue", validate, { world, people: [initiator] });
    }
  });
});

test("the same command gives the same challenge", async () => {
  await using two = await couple();
  const { challenges } = two.initiator.account;
  const first = await challenges.create({ challengeType: "Device" }, { commandId: "once" });

  expect(await challenges.create({ challengeType: "Device" }, { commandId: "once" })).toEqual(first);
});
