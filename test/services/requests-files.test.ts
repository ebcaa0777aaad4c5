// Files that change their owner by a Request (spec/domain.md 5.11).
import type { FileView, RapportError } from "rapport";
import type { JsonObject } from "rapport/core";
import { unreliable } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import {
  active,
  ask,
  type CoupleOptions,
  couple,
  listen,
  loadRequest,
  onDay,
  only,
  refused,
  structured,
  yes,
} from "./scenes.ts";

const contract = {
  content: new TextEncoder().encode("We agree."),
  filename: "contract.txt",
  mimetype: "text/plain",
  tags: ["x:contract"],
};

const transfer = ({ reference, ownershipToken = "" }: FileView, more: JsonObject = {}): JsonObject => ({
  "@type": "TransferFileOwnershipRequestItem",
  fileReference: reference.truncated,
  ownershipToken,
  mustBeAccepted: true,
  ...more,
});

/** Asks by Message, and the initiator has it. */
async function asked(options: CoupleOptions = {}) {
  const two = await active(options);
  const [owner, heir] = [two.templator.account, two.initiator.account];
  const file = await owner.files.upload({ ...contract, expiresAt: onDay(20) });
  const draft = await owner.requests.outgoing.create({ content: ask({ items: [transfer(file)] }), peer: heir.address });
  await owner.messages.send({ recipients: [heir.address], content: draft.content });
  await heir.sync();
  return { ...two, owner, heir, file, id: draft.id };
}

const notPossible = { isSuccess: false, items: [{ code: "error.consumption.requests.invalidRequestItem" }] };

test("#105: accepted, the recipient owns the File, and the asker keeps an attribute that refers to it", async () => {
  const { owner, heir, file, id, world } = await asked();
  const heard = listen(owner);

  const accepted = await heir.requests.incoming.accept(id, yes);
  await owner.sync();

  const mine = await heir.files.get(file.id);
  const { ownershipToken: _old, ...rest } = file;
  expect(mine).toEqual({
    ...rest,
    owner: heir.address,
    isOwn: true,
    ownershipToken: expect.stringMatching(/^\w{20}$/),
  });
  expect(mine.ownershipToken).not.toBe(file.ownershipToken);
  expect((await heir.files.download(file.id)).content).toEqual(contract.content);
  const { attributeId, attribute } = only(accepted.response?.content["items"] as JsonObject[]) as {
    attributeId: string;
    attribute: JsonObject;
  };
  expect(attribute).toEqual({
    "@type": "IdentityAttribute",
    owner: heir.address,
    value: { "@type": "IdentityFileReference", value: file.reference.truncated },
    tags: contract.tags,
  });
  expect(heard.data("consumption.attributeCreated")).toMatchObject([
    { id: attributeId, "@type": "PeerIdentityAttribute", peer: heir.address, content: attribute, sourceReference: id },
  ]);
  expect(heard.data("transport.fileOwnershipClaimed")).toMatchObject([
    { id: file.id, owner: heir.address, isOwn: false },
  ]);
  expect(await owner.files.get(file.id)).toEqual({ ...rest, owner: heir.address, isOwn: false });
  expect(await owner.requests.outgoing.get(id)).toMatchObject({ status: "Completed" });
  expect(world.warnings).toEqual([]);
});

test("by a template, the File is claimed before there is a Relationship, and the answer is believed afterwards", async () => {
  const two = await couple();
  const [owner, heir] = [two.templator.account, two.initiator.account];
  const file = await owner.files.upload(contract);
  const content = structured({ onNewRelationship: ask({ items: [transfer(file)] }) });
  const template = await owner.templates.create({ content, expiresAt: onDay(9) });
  const request = await loadRequest(heir, template);

  await heir.requests.incoming.accept(request.id, yes);
  await owner.sync();

  expect(await heir.files.get(file.id)).toMatchObject({ isOwn: true });
  expect(only(await owner.requests.outgoing.find())).toMatchObject({ status: "Completed" });
  expect(two.world.warnings).toEqual([]);
});

describe("asking", () => {
  test("#105: for a File with a used-up token, or one that is not one's own, is not possible", async () => {
    const { owner, heir, file, id } = await asked();
    const theirs = await heir.files.upload(contract);
    const canCreate = (item: JsonObject) =>
      owner.requests.outgoing.canCreate({ content: ask({ items: [item] }), peer: heir.address });
    const renewed = await owner.files.regenerateOwnershipToken(file.id);

    expect(await canCreate(transfer(file))).toMatchObject(notPossible);
    expect(await canCreate(transfer(theirs))).toMatchObject(notPossible);
    expect(await canCreate(transfer(renewed))).toMatchObject({ isSuccess: true });
    expect(await heir.files.get(theirs.id)).not.toHaveProperty("ownershipIsLocked");
    expect(await heir.requests.incoming.get(id)).toMatchObject({ status: "ManualDecisionRequired" });
  });

  test("for a File that was claimed meanwhile neither works nor locks it for its new owner", async () => {
    const { owner, heir, file, id } = await asked();
    await heir.requests.incoming.accept(id, yes);

    // The owner has not heard of it yet.
    const verdict = await owner.requests.outgoing.canCreate({
      content: ask({ items: [transfer(file)] }),
      peer: heir.address,
    });

    expect(verdict).toMatchObject(notPossible);
    await heir.sync();
    expect(await heir.files.get(file.id)).not.toHaveProperty("ownershipIsLocked");
  });

  test("for an expired File is not possible", async () => {
    const { owner, heir, file, world } = await asked();
    world.clock.advance(20 * 24 * 60 * 60 * 1000);

    const verdict = await owner.requests.outgoing.canCreate({
      content: ask({ items: [transfer(file)] }),
      peer: heir.address,
    });

    expect(verdict).toMatchObject(notPossible);
  });

  test.for<[string, JsonObject]>([
    ["no reference", { fileReference: "FIL00000000000000000" }],
    ["no token", { ownershipToken: null }],
    ["an endless token", { ownershipToken: "t".repeat(21) }],
  ])("with %s cannot be read", async ([, wrong]) => {
    const { owner, heir, file, world, templator } = await asked();
    const content = ask({ items: [transfer(file, wrong)] });

    await refused(
      "error.runtime.requestDeserialization",
      () => owner.requests.outgoing.create({ content, peer: heir.address }),
      { world, people: [templator] },
    );
  });
});

describe("accepting", () => {
  test("a token that is worth nothing any more is refused, locks the File, and decides nothing", async () => {
    const { owner, heir, file, id } = await asked();
    await owner.files.regenerateOwnershipToken(file.id);

    const error: RapportError = await heir.requests.incoming.accept(id, yes).catch((problem) => problem);

    expect(error.code).toBe("error.platform.forbidden");
    expect(await heir.requests.incoming.get(id)).toMatchObject({ status: "ManualDecisionRequired" });
    expect(await heir.requests.incoming.canAccept(id, yes)).toMatchObject(notPossible);
    await owner.sync();
    expect(await owner.files.get(file.id)).toMatchObject({ ownershipIsLocked: true, isOwn: true });
  });

  test("a File that was deleted, has expired, or is not the asker's cannot be accepted", async () => {
    const first = await asked();
    await first.owner.files.delete(first.file.id);
    expect(await first.heir.requests.incoming.canAccept(first.id, yes)).toMatchObject(notPossible);

    const second = await asked();
    second.world.clock.advance(20 * 24 * 60 * 60 * 1000);
    expect(await second.heir.requests.incoming.canAccept(second.id, yes)).toMatchObject(notPossible);
  });

  test("claimed but not decided, because the relay fell silent, it is decided later and owned once", async () => {
    const down = { is: false };
    const options = {
      initiator: {
        transport: (transport: Parameters<typeof unreliable>[0]) =>
          unreliable(transport, ({ operation }) =>
            down.is && operation === "claimFileOwnership" ? "after" : undefined,
          ),
      },
    };
    const { owner, heir, file, id } = await asked(options);
    down.is = true;
    await expect(heir.requests.incoming.accept(id, yes)).rejects.toMatchObject({ code: "relay.unreachable" });
    down.is = false;

    await heir.sync();
    await owner.sync();

    expect(await heir.requests.incoming.get(id)).toMatchObject({ status: "Completed" });
    expect(await heir.files.get(file.id)).toMatchObject({ isOwn: true, ownershipToken: expect.any(String) });
    expect(await owner.requests.outgoing.get(id)).toMatchObject({ status: "Completed" });
  });

  test("no decision record holds the reference or the token", async () => {
    const { heir, file, id, initiator } = await asked();
    await heir.requests.incoming.accept(id, yes);
    const { ownershipToken = "" } = await heir.files.get(file.id);

    const record = JSON.stringify(await heir.requests.incoming.decision(id));

    for (const secret of [file.reference.truncated, file.ownershipToken, ownershipToken]) {
      expect(record).not.toContain(secret);
    }
    expect(JSON.stringify([...initiator.disk.documents()])).not.toContain(ownershipToken);
  });
});

test("a File that comes back is one's own again, under the attribute that was there", async () => {
  const { owner, heir, file, id } = await asked();
  await heir.requests.incoming.accept(id, yes);
  await owner.sync();
  const mine = await heir.files.get(file.id);
  const back = await heir.requests.outgoing.create({ content: ask({ items: [transfer(mine)] }), peer: owner.address });
  await heir.messages.send({ recipients: [owner.address], content: back.content });
  await owner.sync();

  await owner.requests.incoming.accept(back.id, yes);
  await heir.sync();

  expect(await owner.files.get(file.id)).toMatchObject({ isOwn: true, createdBy: owner.address });
  expect(await heir.files.get(file.id)).toMatchObject({ isOwn: false, owner: owner.address });
  expect(await heir.requests.outgoing.get(back.id)).toMatchObject({ status: "Completed" });
});
