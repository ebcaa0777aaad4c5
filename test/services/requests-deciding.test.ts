// Deciding incoming Requests, through the door (spec/domain.md 4.5, 11.4). Item by item it is tested in test/items.
import type { Decision } from "rapport/core";
import { describe, expect, test } from "vitest";
import {
  active,
  ask,
  type Couple,
  consent,
  couple,
  listen,
  loadRequest,
  no,
  onDay,
  only,
  refused,
  structured,
  terminated,
  yes,
} from "./scenes.ts";

const prefix = "error.consumption.requests.decide.validation.";
const inherited = "error.consumption.requests.validation.inheritedFromItem";
const optional = { ...consent, mustBeAccepted: false };
const group = { "@type": "RequestItemGroup", items: [consent, optional] };

/** A Request with these items, loaded from a template. */
async function asked(...items: object[]) {
  const two = await couple({ content: structured({ onNewRelationship: ask({ items: items as [] }) }) });
  const request = await loadRequest(two.initiator.account, two.template);
  return { ...two, request, incoming: two.initiator.account.requests.incoming };
}

/** A Request by Message from the templator to the initiator, received. */
async function askedByMessage(two: Couple) {
  const { templator, initiator } = two;
  const peer = initiator.account.address;
  const draft = await templator.account.requests.outgoing.create({ content: ask(), peer });
  await templator.account.messages.send({ recipients: [peer], content: draft.content });
  await initiator.account.sync();
  return draft;
}

describe("what fits the Request", () => {
  test("#64: with optional items only it may be accepted with all rejected", async () => {
    const { incoming, request, initiator } = await asked(optional, optional);

    const decided = await incoming.accept(request.id, {
      items: [{ accept: false, code: "not.today" }, { accept: false }],
    });

    expect(decided.response?.content).toMatchObject({
      result: "Accepted",
      items: [{ "@type": "RejectResponseItem", result: "Rejected", code: "not.today" }, { result: "Rejected" }],
    });
    expect(await initiator.account.relationships.find()).toMatchObject([{ status: "Pending" }]);
  });

  const wrong: [string, object[], "canAccept" | "canReject", Decision, object][] = [
    [
      "#65: an item that must be accepted is named at its place",
      [optional, consent],
      "canAccept",
      { items: [{ accept: true }, { accept: false }] },
      { code: inherited, items: [{ isSuccess: true }, { code: `${prefix}mustBeAcceptedItemNotAccepted` }] },
    ],
    [
      "#66: a rejected Request has no accepted item",
      [optional, optional],
      "canReject",
      { items: [{ accept: true }, { accept: false }] },
      { code: inherited, items: [{ code: `${prefix}itemAcceptedButRequestNotAccepted` }, { isSuccess: true }] },
    ],
    [
      "#67: a child that must be accepted binds, even when no sibling is accepted",
      [optional, group],
      "canAccept",
      { items: [{ accept: true }, { items: [{ accept: false }, { accept: false }] }] },
      {
        code: inherited,
        items: [
          { isSuccess: true },
          { code: inherited, items: [{ code: `${prefix}mustBeAcceptedItemNotAccepted` }, { isSuccess: true }] },
        ],
      },
    ],
    [
      "#69: too few children are named at the group",
      [group],
      "canAccept",
      { items: [{ items: [{ accept: true }] }] },
      { code: inherited, items: [{ code: `${prefix}invalidNumberOfItems` }] },
    ],
    [
      "#70: an item answered as a group, and a group answered as an item",
      [consent, group],
      "canAccept",
      { items: [{ items: [{ accept: true }] }, { accept: true }] },
      {
        code: inherited,
        items: [
          { code: `${prefix}requestItemAnsweredAsRequestItemGroup` },
          { code: `${prefix}requestItemGroupAnsweredAsRequestItem` },
        ],
      },
    ],
  ];

  test.for(wrong)("%s", async ([, items, can, decision, result]) => {
    const { incoming, request, world, initiator } = await asked(...items);
    const decide = can === "canAccept" ? incoming.accept : incoming.reject;
    const { code } = result as { code: string };

    expect(await incoming[can](request.id, decision)).toMatchObject({ isSuccess: false, ...result });
    await refused(code, () => decide(request.id, decision), { world, people: [initiator] });
  });

  test("#68: too few answers are refused as a whole, without a tree", async () => {
    const { incoming, request } = await asked(consent, optional);

    const verdict = await incoming.canAccept(request.id, { items: [{ accept: true }] });

    expect(verdict).toMatchObject({ isSuccess: false, code: `${prefix}invalidNumberOfItems`, items: [] });
  });

  test("a decision of the wrong shape is refused and changes nothing", async () => {
    const { incoming, request, world, initiator } = await asked(consent);
    const where = { world, people: [initiator] };
    const shape = "error.runtime.validation.invalidPayload";

    await refused(shape, () => incoming.accept(request.id, {} as Decision), where);
    await refused(shape, () => incoming.accept(request.id, { items: [{}] } as unknown as Decision), where);
    await refused("error.transport.recordNotFound", () => incoming.accept("REQ00000000000000000", yes), where);
  });
});

describe("where the Request and the Relationship stand", () => {
  test("#71: after termination a Request by Message cannot be decided", async () => {
    const two = await active();
    const { id } = await askedByMessage(two);
    await two.initiator.account.relationships.terminate(two.id);

    const { incoming } = two.initiator.account.requests;
    const wrongStatus = { isSuccess: false, code: "error.consumption.requests.wrongRelationshipStatus" };

    expect(await incoming.canAccept(id, yes)).toMatchObject(wrongStatus);
    expect(await incoming.canReject(id, no)).toMatchObject(wrongStatus);
  });

  test("#71: after a rejection a Request from a template can be decided again", async () => {
    const two = await couple();
    const { templator, initiator, template } = two;
    const first = await loadRequest(initiator.account, template);
    await initiator.account.requests.incoming.accept(first.id, yes);
    await templator.account.sync();
    await templator.account.relationships.reject(only(await templator.account.relationships.find()).id);
    await initiator.account.sync();
    const second = await loadRequest(initiator.account, template);

    expect(second.id).not.toBe(first.id);
    expect(await initiator.account.requests.incoming.canAccept(second.id, yes)).toMatchObject({ isSuccess: true });
  });

  test("#72: a decided Request is refused by a plain error", async () => {
    const { incoming, request, world, initiator } = await asked(consent);
    await incoming.reject(request.id, no);
    const where = { world, people: [initiator] };

    await expect(incoming.canAccept(request.id, yes)).rejects.toMatchObject({ code: "request.wrongStatus" });
    await refused("request.wrongStatus", () => incoming.accept(request.id, yes), where);
    await refused("request.wrongStatus", () => incoming.reject(request.id, no), where);
  });

  test("a Request of a Relationship that is over leaves the template's Request alone", async () => {
    const two = await terminated();

    expect((await loadRequest(two.initiator.account, two.template)).status).toBe("Completed");
  });
});

describe("what becomes of the Response", () => {
  test("#74: a rejected Request from a template ends here, and the templator hears nothing", async () => {
    const { incoming, request, templator, world } = await asked(consent);
    const calls = world.calls.length;

    const decided = await incoming.reject(request.id, { items: [{ accept: false, message: "No." }] });
    const heard = listen(templator.account);
    await templator.account.sync();

    expect(decided).toMatchObject({ status: "Completed", response: { content: { result: "Rejected" } } });
    expect(decided.response).not.toHaveProperty("source");
    expect(world.calls.slice(calls).map(({ operation }) => operation)).not.toContain("createRelationship");
    expect(heard.names()).toEqual([]);
    expect(await templator.account.relationships.find()).toEqual([]);
  });

  test("#75: an accepted one starts a Relationship that carries the Response, in the order of the spec", async () => {
    const { incoming, request, initiator } = await asked(consent);
    const ear = listen(initiator.account);

    const decided = await incoming.accept(request.id, yes);

    const relationship = only(await initiator.account.relationships.find());
    expect(relationship.creationContent).toEqual({
      "@type": "RelationshipCreationContent",
      response: decided.response?.content,
    });
    expect(decided).toMatchObject({
      status: "Completed",
      response: { source: { type: "Relationship", reference: relationship.id } },
    });
    expect(ear.names()).toEqual([
      "consumption.incomingRequestStatusChanged",
      "transport.relationshipChanged",
      "consumption.incomingRequestStatusChanged",
    ]);
  });

  test("#76: when the template expired meanwhile, it stays undelivered, says why, and starts nothing", async () => {
    const open = structured({ onNewRelationship: ask({ expiresAt: onDay(2) }) });
    const two = await couple({ content: open, expiresAt: onDay(2) });
    const { initiator, template, world } = two;
    const { incoming } = initiator.account.requests;
    const request = await loadRequest(initiator.account, template);
    // The Request expires strictly later than its instant, the template at the relay already at it.
    world.clock.advance(2 * 24 * 60 * 60 * 1000);

    const decided = await incoming.accept(request.id, yes);

    expect(decided).toMatchObject({ status: "Decided", deliveryError: { code: "error.platform.recordNotFound" } });
    expect(await initiator.account.relationships.find()).toEqual([]);
    expect(await initiator.account.intents.list()).toEqual([]);
    await expect(incoming.deliver(request.id)).rejects.toMatchObject({ code: "error.platform.recordNotFound" });
    world.clock.advance(1);
    expect(await incoming.get(request.id)).toMatchObject({ status: "Expired" });
  });

  test("#77: a rejected Request by Message sends the Response, and the sender's is Completed with it", async () => {
    const two = await active();
    const { id } = await askedByMessage(two);

    const decided = await two.initiator.account.requests.incoming.reject(id, no);
    const heard = listen(two.templator.account);
    await two.templator.account.sync();

    expect(decided).toMatchObject({ status: "Completed", response: { source: { type: "Message" } } });
    expect(await two.templator.account.requests.outgoing.get(id)).toMatchObject({
      status: "Completed",
      response: { content: { result: "Rejected", requestId: id } },
    });
    expect(heard.names()).toContain("consumption.outgoingRequestStatusChanged");
  });
});
