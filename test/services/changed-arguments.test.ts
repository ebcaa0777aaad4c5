// Callers keep the objects they hand in, and may change them while a call is at work and afterwards: what counts is what
// was given when the call began.
import type { Account } from "rapport";
import { expect, test } from "vitest";
import { active, arbitrary, ask, couple, greeting, listen, loadRequest, only, pending, refused } from "./scenes.ts";

const ways = [
  ["without a commandId", {}],
  ["with a commandId", { commandId: "once" }],
] as const;

/** Runs the call and changes its argument right after it began, and once more after it ended. */
async function meddled<A extends object, T>(argument: A, call: (argument: A) => Promise<T>, change: (own: A) => void) {
  const called = call(argument);
  change(argument);
  const result = await called;
  change(argument);
  return result;
}

test.for(ways)("the content of an acceptance stays as it was given, %s", async ([, options]) => {
  await using two = await pending();
  const { templator, initiator, id } = two;
  const given = { content: { greeting: { words: ["welcome"] } }, ...options };

  const accepted = await meddled(
    given,
    (own) => templator.account.relationships.accept(id, own),
    (own) => {
      own.content.greeting.words.push("changed");
      own.content = { greeting: { words: ["exchanged"] } };
    },
  );
  await initiator.account.sync();

  const kept = { responseContent: { greeting: { words: ["welcome"] } } };
  expect(accepted).toMatchObject(kept);
  expect(await templator.account.relationships.get(id)).toMatchObject(kept);
  expect(await initiator.account.relationships.get(id)).toMatchObject(kept);
});

test.for(ways)("the content of a creation stays as it was given, %s", async ([, options]) => {
  await using two = await couple({ content: arbitrary });
  const { templator, initiator, template } = two;
  await initiator.account.templates.load({ reference: template.reference.truncated });
  const given = { templateId: template.id, creationContent: { ...greeting, value: { words: ["hello"] } } };

  const created = await meddled(
    given,
    (own) => initiator.account.relationships.create(own, options),
    (own) => {
      own.creationContent.value.words.push("changed");
      own.creationContent = { ...greeting, value: { words: ["exchanged"] } };
      own.templateId = "RLTxxxxxxxxxxxxxxxxx";
    },
  );
  await templator.account.sync();

  const kept = { creationContent: { "@type": greeting["@type"], value: { words: ["hello"] } } };
  expect(created).toMatchObject(kept);
  expect(await initiator.account.relationships.get(created.id)).toMatchObject(kept);
  expect(await templator.account.relationships.get(created.id)).toMatchObject(kept);
});

test("a content that becomes a good one too late is refused", async () => {
  await using two = await couple({ content: arbitrary });
  const { world, templator, initiator, template } = two;
  await initiator.account.templates.load({ reference: template.reference.truncated });

  await refused(
    "error.runtime.validation.invalidPropertyValue",
    () =>
      meddled(
        { templateId: template.id, creationContent: { "@type": "Letter", value: {} } },
        (own) => initiator.account.relationships.create(own),
        (own) => {
          own.creationContent["@type"] = String(greeting["@type"]);
        },
      ),
    { world, people: [templator, initiator] },
  );
});

test.for(ways)("the content of a Request stays as it was given, %s", async ([, options]) => {
  await using two = await active();
  const { templator, initiator } = two;
  const given = { content: { ...ask(), title: "A question" }, peer: initiator.account.address };

  const draft = await meddled(
    given,
    (own) => templator.account.requests.outgoing.create(own, options),
    (own) => {
      own.content.title = "Changed";
      own.peer = templator.account.address;
    },
  );

  const kept = { content: { title: "A question" }, peer: initiator.account.address };
  expect(draft).toMatchObject(kept);
  expect(await templator.account.requests.outgoing.get(draft.id)).toMatchObject(kept);
});

test.for(ways)("a decision stays as it was given, %s", async ([, options]) => {
  await using two = await couple();
  const { templator, initiator, template } = two;
  const request = await loadRequest(initiator.account, template);
  const given = { items: [{ accept: true }] };

  const decided = await meddled(
    given,
    (own) => initiator.account.requests.incoming.accept(request.id, own, options),
    (own) => {
      own.items.push({ accept: false });
    },
  );
  await templator.account.sync();

  expect(decided.response).toMatchObject({ content: { result: "Accepted" } });
  expect(await initiator.account.requests.incoming.decision(request.id)).toMatchObject({
    decision: { items: [{ accept: true }] },
  });
  expect(only(await templator.account.relationships.find()).status).toBe("Pending");
});

test("a query and its paging stay as they were given", async () => {
  await using two = await active();
  const { incoming } = two.initiator.account.requests;
  const [query, part] = [{ status: ["Completed"] }, { limit: 1 }];

  const finding = incoming.find(query, part);
  query.status[0] = "Expired";
  part.limit = 0;

  expect(await finding).toMatchObject([{ status: "Completed" }]);
});

test("own Requests and those of peers are paged apart, in the order in which they came", async () => {
  await using two = await active();
  const { templator, initiator } = two;
  const mine: string[] = [];
  const theirs = (await initiator.account.requests.incoming.find()).map(({ id }) => id);
  const send = async (from: Account, to: Account) => {
    const draft = await from.requests.outgoing.create({ content: ask(), peer: to.address });
    await from.messages.send({ recipients: [to.address], content: draft.content });
    await to.sync();
    return draft.id;
  };
  for (let round = 0; round < 3; round += 1) {
    mine.push(await send(initiator.account, templator.account));
    theirs.push(await send(templator.account, initiator.account));
  }
  const { incoming, outgoing } = initiator.account.requests;
  const idsOf = (found: readonly { id: string }[]) => found.map(({ id }) => id);

  expect(idsOf(await outgoing.find())).toEqual(mine);
  expect(idsOf(await incoming.find())).toEqual(theirs);
  expect(idsOf(await outgoing.find({}, { limit: 2 }))).toEqual(mine.slice(0, 2));
  expect(idsOf(await outgoing.find({}, { limit: 2, after: mine[1] ?? "" }))).toEqual(mine.slice(2));
  expect(idsOf(await incoming.find({}, { limit: 2 }))).toEqual(theirs.slice(0, 2));
  expect(idsOf(await incoming.find({}, { limit: 2, after: theirs[1] ?? "" }))).toEqual(theirs.slice(2));
});

test("an own Request cannot be deleted as one of a peer", async () => {
  await using two = await active();
  const { templator, initiator, world } = two;
  const { requests } = templator.account;
  const draft = await requests.outgoing.create({ content: ask(), peer: initiator.account.address });
  const here = listen(templator.account);

  await refused("error.runtime.recordNotFound", () => requests.incoming.delete(draft.id), {
    world,
    people: [templator, initiator],
  });

  expect(here.names()).toEqual([]);
});
