// What a peer does can be heard before the answer to the own call that it follows from; found by `rapport check`.
import { hasCode } from "rapport/core";
import { type PersonOptions, unreliable } from "rapport/testkit";
import { expect, test } from "vitest";
import { active, arbitrary, ask, couple, greeting, listen, onDay, yes } from "../services/scenes.ts";

/** Calls of this operation are lost while `is` holds, or only their answers. */
function losing(operation: string, when: "before" | "after") {
  const lost = { is: false };
  const options: PersonOptions = {
    transport: (transport) =>
      unreliable(transport, (call) => (lost.is && call.operation === operation ? when : undefined)),
  };
  return { lost, options };
}

const unheard = (work: Promise<unknown>) =>
  work.catch((problem: unknown) => {
    if (!hasCode(problem, "relay.unreachable")) throw problem;
  });

test("a Response is taken although nobody was told that its Request has been sent", async () => {
  const { lost, options } = losing("createMessage", "after");
  await using two = await active({ content: arbitrary, templator: options });
  const [asker, answerer] = [two.templator.account, two.initiator.account];
  const draft = await asker.requests.outgoing.create({ content: ask(), peer: answerer.address });
  lost.is = true;
  await unheard(asker.messages.send({ recipients: [answerer.address], content: draft.content }));
  await answerer.sync();
  await answerer.requests.incoming.accept(draft.id, yes);

  const unsure = asker.sync();
  await expect(unsure).rejects.toMatchObject({ code: "relay.unreachable" });
  lost.is = false;
  await asker.sync();

  expect(await asker.requests.outgoing.get(draft.id)).toMatchObject({
    status: "Completed",
    source: { type: "Message" },
    response: { content: { result: "Accepted" } },
  });
  expect(await asker.intents.list()).toEqual([]);
});

/** Each has loaded the other's template. */
async function facing(options: { readonly a?: PersonOptions; readonly b?: PersonOptions }) {
  const two = await couple({
    content: arbitrary,
    ...(options.a === undefined ? {} : { templator: options.a }),
    ...(options.b === undefined ? {} : { initiator: options.b }),
  });
  const [a, b] = [two.templator.account, two.initiator.account];
  const theirs = await b.templates.create({ content: arbitrary, expiresAt: onDay(30) });
  await a.templates.load({ reference: theirs.reference.truncated });
  await b.templates.load({ reference: two.template.reference.truncated });
  const first = () => a.relationships.create({ templateId: theirs.id, creationContent: greeting });
  const second = () => b.relationships.create({ templateId: two.template.id, creationContent: greeting });
  return { two, a, b, first, second };
}

test("R1: whoever creates a Relationship shows the one before as ended first, although its end was not heard of", async () => {
  const { lost, options } = losing("createRelationship", "before");
  const { two, a, b, first, second } = await facing({ b: options });
  await using _two = two;
  lost.is = true;
  await unheard(second());
  const { id } = await first();
  await unheard(b.sync());
  expect((await b.relationships.get(id)).status).toBe("Pending");
  await a.relationships.revoke(id);
  lost.is = false;
  const ear = listen(b);

  await b.intents.resume();

  expect(ear.data("transport.relationshipChanged").map(statusOf)).toEqual(["Revoked", "Pending"]);
});

test("R1: an earlier Relationship whose end was not heard of is shown as ended before the new one of the peer", async () => {
  const { lost, options } = losing("revokeRelationship", "after");
  const { two, a, b, first, second } = await facing({ a: options });
  await using _two = two;
  const { id } = await first();
  await b.sync();
  lost.is = true;
  await unheard(a.relationships.revoke(id));
  await b.sync();
  await second();
  const ear = listen(a);

  await a.sync();

  expect(ear.data("transport.relationshipChanged").map(statusOf)).toEqual(["Revoked", "Pending"]);
});

const statusOf = (data: unknown) => (data as { readonly status: string }).status;

test("R1: an own creation that is heard of before its answer ends what was rejected without hearing the answer", async () => {
  const lost = new Map<string, "before" | "after">();
  const options: PersonOptions = {
    transport: (transport) => unreliable(transport, ({ operation }) => lost.get(operation)),
  };
  const { two, a, b, first, second } = await facing({ b: options });
  await using _two = two;
  lost.set("createRelationship", "before");
  await unheard(second());
  const { id } = await first();
  await unheard(b.sync());
  lost.set("rejectRelationship", "after");
  await unheard(b.relationships.reject(id));
  lost.set("createRelationship", "after");
  await unheard(b.intents.resume());
  await a.sync();
  const [mine] = await a.relationships.find({ status: "Pending" });
  await a.relationships.accept(mine?.id ?? "");
  const ear = listen(b);

  await unheard(b.sync());

  expect((await b.relationships.get(id)).status).toBe("Rejected");
  expect(ear.data("transport.relationshipChanged").map(statusOf)[0]).toBe("Rejected");
  expect(await b.relationships.find({ status: ["Pending", "Active"] })).toMatchObject([{ id: mine?.id }]);
});
