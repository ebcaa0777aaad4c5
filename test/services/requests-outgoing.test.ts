// Requests that one asks of a peer, through the door (spec/domain.md 4.4, 8.1, 11.5).
import type { JsonObject } from "rapport/core";
import { describe, expect, test } from "vitest";
import {
  active,
  ask,
  couple,
  listen,
  loadRequest,
  no,
  onDay,
  only,
  pending,
  refused,
  terminated,
  yes,
} from "./scenes.ts";

const codes = "error.consumption.requests.";
const invalid = "error.runtime.validation.invalidPropertyValue";
const dayMs = 24 * 60 * 60 * 1000;

/** Two with an Active Relationship, and a Draft of the templator for the initiator. */
async function drafted(content: JsonObject = ask()) {
  const two = await active();
  const { outgoing } = two.templator.account.requests;
  const peer = two.initiator.account.address;
  const draft = await outgoing.create({ content, peer });
  const send = (more: { content?: JsonObject; recipients?: readonly string[] } = {}) =>
    two.templator.account.messages.send({ recipients: [peer], content: draft.content, ...more });
  return { ...two, outgoing, peer, draft, send, where: { world: two.world, people: [two.templator, two.initiator] } };
}

describe("who may be asked", () => {
  test("#81: not oneself, not a stranger, and nothing that is over already", async () => {
    const { templator, initiator } = await couple();
    const can = (peer: string, more: JsonObject = {}) =>
      templator.account.requests.outgoing.canCreate({ content: ask(more), peer });

    expect(await can(templator.account.address)).toMatchObject({ code: `${codes}cannotShareRequestWithYourself` });
    expect(await can(initiator.account.address)).toMatchObject({ code: `${codes}missingRelationship` });
    expect(await can(initiator.account.address, { expiresAt: onDay(-1) })).toMatchObject({
      code: `${codes}cannotCreateRequestWithExpirationDateInPast`,
    });
  });

  test("#81: not after termination", async () => {
    const two = await terminated();
    const peer = two.initiator.account.address;
    const { outgoing } = two.templator.account.requests;

    expect(await outgoing.canCreate({ content: ask(), peer })).toMatchObject({
      code: `${codes}wrongRelationshipStatus`,
    });
    await refused(`${codes}wrongRelationshipStatus`, () => outgoing.create({ content: ask(), peer }), {
      world: two.world,
      people: [two.templator],
    });
  });

  test("#81: already while the Relationship is Pending, though it cannot be sent yet", async () => {
    const two = await pending();
    const peer = two.initiator.account.address;
    const { messages, requests } = two.templator.account;

    expect(await requests.outgoing.canCreate({ content: ask(), peer })).toMatchObject({ isSuccess: true });
    const draft = await requests.outgoing.create({ content: ask(), peer });
    await expect(messages.send({ recipients: [peer], content: draft.content })).rejects.toMatchObject({
      code: "error.runtime.messages.hasNoActiveRelationship",
    });
    expect(await requests.outgoing.get(draft.id)).toMatchObject({ status: "Draft" });
  });
});

describe("from Draft to Open", () => {
  test("#82: it is a Draft that announces itself, and can be discarded", async () => {
    const two = await active();
    const { outgoing } = two.templator.account.requests;
    const ear = listen(two.templator.account);

    const draft = await outgoing.create({ content: ask(), peer: two.initiator.account.address });

    expect(draft).toMatchObject({ status: "Draft", isOwn: true, content: { id: draft.id } });
    expect(draft.id).toMatch(/^REQ[A-Za-z0-9]{17}$/);
    expect(ear.data("consumption.outgoingRequestCreated")).toEqual([draft]);
    await outgoing.discard(draft.id);
    await expect(outgoing.get(draft.id)).rejects.toMatchObject({ code: "error.runtime.recordNotFound" });
  });

  test("#82: once sent it is Open, and cannot be discarded", async () => {
    const { outgoing, draft, send, where, templator } = await drafted();
    const ear = listen(templator.account);

    const message = await send();

    expect(await outgoing.get(draft.id)).toMatchObject({
      status: "Open",
      source: { type: "Message", reference: message.id },
    });
    expect(ear.names()).toEqual(["transport.messageSent", "consumption.outgoingRequestStatusChanged"]);
    await refused("request.wrongStatus", () => outgoing.discard(draft.id), where);
  });

  test("#83: what is sent must be the Draft, to one recipient", async () => {
    const { draft, send, where, peer, world } = await drafted();
    const altered = { ...draft.content, title: "Something else" };
    const stranger = (await world.person("stranger")).account.address;

    await refused(invalid, () => send({ content: altered }), where);
    await refused(invalid, () => send({ recipients: [peer, stranger] }), where);
    await refused(invalid, () => send({ content: ask() }), where);
    const unknown = { ...draft.content, id: "REQ00000000000000000" };
    await refused("error.runtime.recordNotFound", () => send({ content: unknown }), where);
    await send();
  });

  test("#83: it is sent once", async () => {
    const { send, where } = await drafted();
    await send();

    await refused("error.runtime.messages.cannotSendRequestThatWasAlreadySent", send, where);
  });

  test("#83: it is sent in time", async () => {
    const { send, where, outgoing, draft } = await drafted(ask({ expiresAt: onDay(1) }));
    where.world.clock.advance(dayMs + 1);

    expect(await outgoing.get(draft.id)).toMatchObject({ status: "Expired" });
    await refused("error.runtime.messages.cannotSendMessageWithExpiredRequest", send, where);
  });
});

describe("from Open to Completed", () => {
  test("#84: a Response given in time completes an Expired Request", async () => {
    const { send, outgoing, draft, templator, initiator, world } = await drafted(ask({ expiresAt: onDay(1) }));
    await send();
    await initiator.account.sync();
    await initiator.account.requests.incoming.accept(draft.id, yes);
    world.clock.advance(dayMs + 1);
    expect(await outgoing.get(draft.id)).toMatchObject({ status: "Expired" });

    await templator.account.sync();

    expect(await outgoing.get(draft.id)).toMatchObject({
      status: "Completed",
      response: { content: { result: "Accepted" } },
    });
  });

  test("#84: a later one changes nothing", async () => {
    const { send, outgoing, draft, templator, initiator, world } = await drafted(ask({ expiresAt: onDay(1) }));
    await send();
    await initiator.account.sync();
    world.clock.advance(dayMs + 1);
    await expect(initiator.account.requests.incoming.accept(draft.id, yes)).rejects.toMatchObject({
      code: "request.wrongStatus",
    });
    const late = {
      "@type": "ResponseWrapper",
      requestId: draft.id,
      requestSourceType: "Message",
      requestSourceReference: "MSG00000000000000000",
      response: {
        "@type": "Response",
        result: "Accepted",
        requestId: draft.id,
        items: [{ "@type": "AcceptResponseItem", result: "Accepted" }],
      },
    };
    await initiator.account.messages.send({ recipients: [templator.account.address], content: late });

    await templator.account.sync();

    const after = await outgoing.get(draft.id);
    expect(after.status).toBe("Expired");
    expect(after).not.toHaveProperty("response");
  });

  test("#85: the templator's LocalRequest arises Completed from the Pending Relationship", async () => {
    const two = await couple();
    const { templator, initiator, template } = two;
    const request = await loadRequest(initiator.account, template);
    const answered = await initiator.account.requests.incoming.accept(request.id, yes);
    const ear = listen(templator.account);

    await templator.account.sync();

    expect(only(await templator.account.relationships.find()).status).toBe("Pending");
    expect(await templator.account.requests.outgoing.get(request.id)).toMatchObject({
      status: "Completed",
      isOwn: true,
      source: { type: "RelationshipTemplate", reference: template.id },
      response: { content: answered.response?.content },
    });
    expect(ear.names()).toEqual([
      "transport.relationshipChanged",
      "consumption.outgoingRequestCreatedAndCompleted",
      "consumption.outgoingRequestFromRelationshipCreationCreatedAndCompleted",
    ]);
  });

  test("#86: it does so too when the Request expired before the sync, as the answer came in time", async () => {
    const two = await couple({ expiresAt: onDay(1) });
    const request = await loadRequest(two.initiator.account, two.template);
    await two.initiator.account.requests.incoming.accept(request.id, yes);
    two.world.clock.advance(2 * dayMs);

    await two.templator.account.sync();

    expect(only(await two.templator.account.relationships.find()).status).toBe("Pending");
    expect(await two.templator.account.requests.outgoing.get(request.id)).toMatchObject({ status: "Completed" });
  });

  test("#77: a rejected one is Completed with the rejection", async () => {
    const { send, outgoing, draft, templator, initiator } = await drafted();
    await send();
    await initiator.account.sync();
    await initiator.account.requests.incoming.reject(draft.id, no);

    await templator.account.sync();

    expect(await outgoing.get(draft.id)).toMatchObject({
      status: "Completed",
      response: { content: { result: "Rejected" } },
    });
  });
});
