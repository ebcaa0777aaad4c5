// Two do something at the same moment: in every order exactly one wins, the other is told why, and both end up the same.
import { expect, test } from "vitest";
import {
  active,
  arbitrary,
  codes,
  create,
  expectOneWinner,
  inAnyOrder,
  invite,
  made,
  pending,
  terminated,
} from "./races-stage.ts";

test("accept against revoke", () =>
  inAnyOrder(async (stage) => {
    const id = await pending(stage);

    const endings = await stage.race(
      () => stage.ann.account.relationships.accept(id),
      () => stage.bob.account.relationships.revoke(id),
    );

    expectOneWinner(endings, [codes.wrongStatus]);
    await stage.settled();
    expect((await stage.bob.account.relationships.get(id)).status).toBe(endings[0] === "ok" ? "Active" : "Revoked");
  }));

test("one person accepts twice, and rejects", () =>
  inAnyOrder(async (stage) => {
    const id = await pending(stage);
    const { relationships } = stage.ann.account;

    const endings = await stage.race(
      () => relationships.accept(id),
      () => relationships.accept(id),
      () => relationships.reject(id),
    );

    expectOneWinner(endings, [codes.wrongStatus, codes.inProgress]);
    await stage.settled();
    expect((await stage.bob.account.relationships.get(id)).auditLog).toHaveLength(2);
  }));

test("one command twice under one commandId is one command", () =>
  inAnyOrder(async (stage) => {
    const id = await pending(stage);
    const accept = () => stage.ann.account.relationships.accept(id, { commandId: "once" });

    const endings = await stage.race(accept, accept);

    expect(endings).toEqual(["ok", "ok"]);
    await stage.settled();
    expect((await stage.bob.account.relationships.get(id)).auditLog).toHaveLength(2);
  }));

test("one person creates twice on the same template", () =>
  inAnyOrder(async (stage) => {
    const templateId = await invite(stage.ann, stage.bob, arbitrary);

    const endings = await stage.race(
      () => create(stage.bob, templateId),
      () => create(stage.bob, templateId),
    );

    expectOneWinner(endings, [codes.exists, codes.existsAtRelay, codes.inProgress]);
    await stage.settled();
    expect(await stage.ann.account.relationships.find()).toHaveLength(1);
  }));

test("two create, each on the other's template", () =>
  inAnyOrder(async (stage) => {
    const { ann, bob } = stage;
    const ofAnn = await invite(ann, bob, arbitrary);
    const ofBob = await invite(bob, ann, arbitrary);

    const endings = await stage.race(
      () => create(bob, ofAnn),
      () => create(ann, ofBob),
      () => ann.account.sync(),
    );

    expectOneWinner(endings.slice(0, 2), [codes.exists, codes.existsAtRelay]);
    await stage.settled();
    expect(await ann.account.relationships.find()).toHaveLength(1);
  }));

test("two load a template that only one may load", () =>
  inAnyOrder(async (stage) => {
    const { reference } = await made(stage.ann, arbitrary, 1);
    const cyd = await stage.world.person("cyd");

    const endings = await stage.race(
      () => stage.bob.account.templates.load({ reference: reference.truncated }),
      () => cyd.account.templates.load({ reference: reference.truncated }),
    );

    expectOneWinner(endings, [codes.exhausted]);
  }));

test("both terminate", () =>
  inAnyOrder(async (stage) => {
    const id = await active(stage);

    const endings = await stage.race(
      () => stage.ann.account.relationships.terminate(id),
      () => stage.bob.account.relationships.terminate(id),
    );

    expectOneWinner(endings, [codes.wrongStatus]);
    await stage.settled();
  }));

test("both ask to revive it", () =>
  inAnyOrder(async (stage) => {
    const id = await terminated(stage);

    const endings = await stage.race(
      () => stage.ann.account.relationships.requestReactivation(id),
      () => stage.bob.account.relationships.requestReactivation(id),
    );

    expectOneWinner(endings, ["error.transport.relationships.reactivationAlreadyRequested"]);
    await stage.settled();
  }));

test("a reactivation is accepted while it is revoked", () =>
  inAnyOrder(async (stage) => {
    const id = await terminated(stage);
    await stage.bob.account.relationships.requestReactivation(id);
    await stage.ann.account.sync();

    const endings = await stage.race(
      () => stage.ann.account.relationships.acceptReactivation(id),
      () => stage.bob.account.relationships.revokeReactivation(id),
    );

    expectOneWinner(endings, [codes.notRequested]);
    await stage.settled();
    expect((await stage.bob.account.relationships.get(id)).status).toBe(endings[0] === "ok" ? "Active" : "Terminated");
  }));

test("one accepts a reactivation while the other, who asked for it, leaves", () =>
  inAnyOrder(async (stage) => {
    const { ann, bob } = stage;
    const id = await terminated(stage);
    await bob.account.relationships.requestReactivation(id);
    await ann.account.sync();

    const endings = await stage.race(
      () => ann.account.relationships.acceptReactivation(id),
      () => bob.account.relationships.decompose(id),
    );

    expectOneWinner(endings, [codes.notRequested, codes.wrongStatus]);
    await stage.settled();
    const hasLeft = endings[1] === "ok";
    expect((await ann.account.relationships.get(id)).status).toBe(hasLeft ? "DeletionProposed" : "Active");
    expect(await bob.account.relationships.find()).toHaveLength(hasLeft ? 0 : 1);
  }));

test("both leave", () =>
  inAnyOrder(async (stage) => {
    const { ann, bob } = stage;
    const id = await terminated(stage);

    const endings = await stage.race(
      () => ann.account.relationships.decompose(id),
      () => bob.account.relationships.decompose(id),
    );

    expect(endings).toEqual(["ok", "ok"]);
    await stage.settled();
    expect([...(await ann.account.relationships.find()), ...(await bob.account.relationships.find())]).toEqual([]);
  }));

test("both synchronise, twice each, while one accepts and the other looks", () =>
  inAnyOrder(async (stage) => {
    const { ann, bob } = stage;
    const id = await pending(stage);
    const told: unknown[] = [];
    bob.account.events.on("transport.relationshipChanged", ({ data }) => told.push(data));

    const endings = await stage.race(
      () => ann.account.relationships.accept(id, { content: { seat: 7 } }),
      () => ann.account.sync(),
      () => bob.account.sync(),
      () => bob.account.sync(),
      () => bob.account.relationships.find(),
    );

    expect(endings).toEqual(["ok", "ok", "ok", "ok", "ok"]);
    await stage.settled();
    expect(told).toHaveLength(1);
    expect(await bob.account.relationships.get(id)).toMatchObject({ status: "Active", responseContent: { seat: 7 } });
  }));

test("one creates, takes it back and creates anew, while the other synchronises", () =>
  inAnyOrder(async (stage) => {
    const { ann, bob } = stage;
    const templateId = await invite(ann, bob, arbitrary);
    const first = await create(bob, templateId);
    await ann.account.sync();

    const endings = await stage.race(
      async () => {
        await bob.account.relationships.revoke(first.id);
        await create(bob, templateId);
      },
      () => ann.account.sync(),
      () => ann.account.sync(),
    );

    expect(endings).toEqual(["ok", "ok", "ok"]);
    await stage.settled();
    expect((await ann.account.relationships.find()).map(({ status }) => status)).toEqual(["Revoked", "Pending"]);
  }));

test("one who was away synchronises: the old Relationship ends before the new one begins", () =>
  inAnyOrder(async (stage) => {
    const { ann, bob } = stage;
    const templateId = await invite(ann, bob, arbitrary);
    const first = await create(bob, templateId);
    await ann.account.sync();
    await bob.account.relationships.revoke(first.id);
    const second = await create(bob, templateId);
    await bob.account.relationships.revoke(second.id);
    await create(bob, templateId);

    const endings = await stage.race(() => ann.account.sync());

    expect(endings).toEqual(["ok"]);
    await stage.settled();
    const found = await ann.account.relationships.find();
    expect(found.map(({ status }) => status)).toEqual(["Revoked", "Revoked", "Pending"]);
  }));
