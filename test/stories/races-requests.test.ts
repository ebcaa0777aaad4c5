// The same for Requests and Messages.
import type { Person } from "rapport/testkit";
import { expect, test } from "vitest";
import { active, codes, expectOneWinner, inAnyOrder, invite, made, type Stage, structured } from "./races-stage.ts";

const yes = { items: [{ accept: true }] } as const;
const no = { items: [{ accept: false }] } as const;

async function waiting({ account }: Person): Promise<string> {
  const [request] = await account.requests.incoming.find({ status: "ManualDecisionRequired" });
  return request?.id ?? "";
}

async function asked({ ann, bob }: Stage): Promise<string> {
  const items = [{ "@type": "ConsentRequestItem", consent: "We may write to you.", mustBeAccepted: true }];
  const content = { "@type": "Request", items };
  const request = await ann.account.requests.outgoing.create({ content, peer: bob.account.address });
  await ann.account.messages.send({ recipients: [bob.account.address], content: request.content });
  await bob.account.sync();
  return request.id;
}

test("one LocalRequest is accepted and rejected at the same time", () =>
  inAnyOrder(async (stage) => {
    const { ann, bob } = stage;
    await invite(ann, bob, structured);
    const id = await waiting(bob);
    const { incoming } = bob.account.requests;

    const endings = await stage.race(
      () => incoming.accept(id, yes),
      () => incoming.reject(id, no),
      () => incoming.accept(id, yes),
    );

    expectOneWinner(endings, [codes.decided, codes.pending]);
    await stage.settled();
    const isAccepted = endings[1] !== "ok";
    const { status, response } = await incoming.get(id);
    expect([status, response?.content["result"]]).toEqual(["Completed", isAccepted ? "Accepted" : "Rejected"]);
    expect(await incoming.decision(id)).toMatchObject({ verdict: isAccepted ? "accept" : "reject" });
    expect(await ann.account.relationships.find()).toHaveLength(isAccepted ? 1 : 0);
  }));

test("a Request in a Message is accepted and rejected while everybody synchronises", () =>
  inAnyOrder(async (stage) => {
    const { ann, bob } = stage;
    await active(stage);
    const id = await asked(stage);
    const { incoming } = bob.account.requests;

    const endings = await stage.race(
      () => incoming.accept(id, yes),
      () => incoming.reject(id, no),
      () => ann.account.sync(),
      () => bob.account.sync(),
    );

    expectOneWinner(endings.slice(0, 2), [codes.decided]);
    await stage.settled();
    const result = endings[0] === "ok" ? "Accepted" : "Rejected";
    expect((await incoming.get(id)).response?.content["result"]).toBe(result);
    expect((await ann.account.requests.outgoing.get(id)).response?.content["result"]).toBe(result);
  }));

test("a draft is sent twice", () =>
  inAnyOrder(async (stage) => {
    const { ann, bob } = stage;
    await active(stage);
    const items = [{ "@type": "AuthenticationRequestItem", title: "It is you.", mustBeAccepted: true }];
    const peer = bob.account.address;
    const request = await ann.account.requests.outgoing.create({ content: { "@type": "Request", items }, peer });
    const send = () => ann.account.messages.send({ recipients: [peer], content: request.content });

    const endings = await stage.race(send, send);

    expectOneWinner(endings, [codes.inProgress, "error.runtime.messages.cannotSendRequestThatWasAlreadySent"]);
    await stage.settled();
    expect(await bob.account.messages.find()).toHaveLength(1);
    expect(await bob.account.requests.incoming.find()).toHaveLength(1);
  }));

test("a template is loaded twice: one LocalRequest", () =>
  inAnyOrder(async (stage) => {
    const { reference } = await made(stage.ann, structured);
    const load = () => stage.bob.account.templates.load({ reference: reference.truncated });

    const endings = await stage.race(load, load);

    expect(endings).toEqual(["ok", "ok"]);
    expect(await stage.bob.account.requests.incoming.find()).toHaveLength(1);
  }));

test("two templates of one person are loaded at once: one LocalRequest waits", () =>
  inAnyOrder(async (stage) => {
    const { bob, ann } = stage;
    const one = await made(ann, structured);
    const other = await made(ann, structured);

    await stage.race(
      () => bob.account.templates.load({ reference: one.reference.truncated }),
      () => bob.account.templates.load({ reference: other.reference.truncated }),
    );

    expect(await bob.account.requests.incoming.find()).toHaveLength(1);
  }));

test("two accept each other's Requests: one Relationship, and the other Response follows when it is Active", () =>
  inAnyOrder(async (stage) => {
    const { ann, bob } = stage;
    await invite(ann, bob, structured);
    await invite(bob, ann, structured);
    const [atAnn, atBob] = [await waiting(ann), await waiting(bob)];

    const endings = await stage.race(
      () => bob.account.requests.incoming.accept(atBob, yes),
      () => ann.account.requests.incoming.accept(atAnn, yes),
    );

    expect(endings).toEqual(["ok", "ok"]);
    await stage.settled();
    const [relationship, ...more] = await ann.account.relationships.find();
    expect(more).toEqual([]);
    const isOfAnn = relationship?.auditLog[0]?.createdBy === ann.account.address;
    const [winner, loser, left] = isOfAnn ? [ann, bob, atBob] : [bob, ann, atAnn];
    expect(await loser.account.requests.incoming.get(left)).toMatchObject({
      status: "Decided",
      deliveryError: { code: codes.existsAtRelay },
    });

    await loser.account.relationships.accept(relationship?.id ?? "");
    await loser.account.requests.incoming.deliver(left);
    await stage.settled();

    expect((await loser.account.requests.incoming.get(left)).status).toBe("Completed");
    expect((await winner.account.requests.outgoing.get(left)).status).toBe("Completed");
  }));

test("a Message is sent while the other side terminates: it arrives at once, or when the Relationship is revived", () =>
  inAnyOrder(async (stage) => {
    const { ann, bob } = stage;
    const id = await active(stage);
    const content = { "@type": "ArbitraryMessageContent", value: { says: "hello" } };

    const endings = await stage.race(
      () => bob.account.messages.send({ recipients: [ann.account.address], content }),
      () => ann.account.relationships.terminate(id),
      () => ann.account.sync(),
    );

    expect(endings).toEqual(["ok", "ok", "ok"]);
    await stage.settled();
    await bob.account.relationships.requestReactivation(id);
    await ann.account.sync();
    await ann.account.relationships.acceptReactivation(id);
    await stage.settled();
    expect(await ann.account.messages.find()).toHaveLength(1);
  }));

test("a Message is sent while the other side leaves: nobody keeps what nobody can open", () =>
  inAnyOrder(async (stage) => {
    const { ann, bob } = stage;
    const id = await active(stage);
    const content = { "@type": "ArbitraryMessageContent", value: { says: "hello" } };
    const leave = async () => {
      await ann.account.relationships.terminate(id);
      await ann.account.relationships.decompose(id);
    };

    const endings = await stage.race(leave, () =>
      bob.account.messages.send({ recipients: [ann.account.address], content }),
    );

    const ended = "error.platform.validation.message.relationshipToRecipientNotActive";
    expect(endings[0]).toBe("ok");
    expect(["ok", ended]).toContain(endings[1]);
    await stage.settled();
    expect(await ann.account.messages.find()).toEqual([]);
    expect((await bob.account.relationships.get(id)).status).toBe("DeletionProposed");
  }));
