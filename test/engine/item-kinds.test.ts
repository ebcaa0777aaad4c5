// A kind of request item that a plugin brings, from the template to the sender's engine (src/ports/item-kind.ts).
import { createRapport } from "rapport";
import { type ItemDecision, ItemKind, type ItemKindPort, type Plugin } from "rapport/core";
import { memoryStorage } from "rapport/plugins/storage-memory";
import { describe, expect, test } from "vitest";
import { ask, couple, listen, loadRequest, only, structured } from "../services/scenes.ts";

const fits = { isSuccess: true, items: [] } as const;
const unfit = (code: string, message: string) => ({ isSuccess: false, code, message, items: [] }) as const;

const guessed = (decision: ItemDecision) => (decision.accept ? Number(decision["guess"]) : Number.NaN);

/** Asks for a guess, which must be a number; answers with a type of its own, and remembers what was guessed. */
const guess: ItemKindPort = {
  type: "GuessRequestItem",
  parse: (item) => (typeof item["most"] === "number" ? undefined : "most must be a number"),
  responses: {
    GuessAcceptResponseItem: (response) =>
      typeof response["guess"] === "number" ? undefined : "guess must be a number",
  },
  canAccept: (item, decision) =>
    guessed(decision) <= Number(item["most"])
      ? fits
      : unfit("error.consumption.requests.invalidAcceptParameters", "guess lower"),
  accept: (_item, decision) => ({
    response: { "@type": "GuessAcceptResponseItem", result: "Accepted", guess: guessed(decision) },
    effects: { events: [{ name: "toy.guessed", data: { guess: guessed(decision) } }] },
  }),
  apply: (response) => ({ events: [{ name: "toy.heard", data: { guess: response["guess"] ?? null } }] }),
};

const bringing = (kind: ItemKindPort): Plugin => ({
  name: `items-${kind.type}`,
  register: ({ contribute }) => contribute(ItemKind, () => kind),
});

const guessing = structured({
  onNewRelationship: ask({ items: [{ "@type": "GuessRequestItem", most: 10, mustBeAccepted: true }] }),
});

/** Two who both know the kind. */
const gamblers = (kind: ItemKindPort = guess) =>
  couple({
    content: guessing,
    templator: { plugins: [bringing(kind)] },
    initiator: { plugins: [bringing(kind)] },
  });

describe("a contributed kind", () => {
  test("is asked, judged, answered with its own type, and applied", async () => {
    const { templator, initiator, template } = await gamblers();
    const request = await loadRequest(initiator.account, template);
    const { incoming } = initiator.account.requests;
    const here = listen(initiator.account);
    const there = listen(templator.account);

    const tooHigh = await incoming.canAccept(request.id, { items: [{ accept: true, guess: 11 }] });
    await incoming.accept(request.id, { items: [{ accept: true, guess: 7 }] });
    await templator.account.sync();

    expect(tooHigh).toMatchObject({ items: [{ code: "error.consumption.requests.invalidAcceptParameters" }] });
    expect(here.data("toy.guessed")).toEqual([{ guess: 7 }]);
    expect(there.data("toy.heard")).toEqual([{ guess: 7 }]);
    expect(await templator.account.requests.outgoing.get(request.id)).toMatchObject({
      status: "Completed",
      response: { content: { items: [{ "@type": "GuessAcceptResponseItem", guess: 7 }] } },
    });
  });

  test("is parsed by its own parser, and unknown to those without the plugin", async () => {
    const two = await gamblers();
    const item = { "@type": "GuessRequestItem", mustBeAccepted: true };
    const content = structured({ onNewRelationship: ask({ items: [item] }) });
    const stranger = await two.world.person("stranger");
    const create = { content, expiresAt: "2030-01-09T00:00:00.000Z" };

    await expect(two.templator.account.templates.create(create)).rejects.toThrow("most must be a number");
    await expect(stranger.account.templates.create(create)).rejects.toMatchObject({
      code: "error.runtime.unknownType",
    });
  });
});

describe("prerequisites", () => {
  const later = () => {
    const state = { isReady: false };
    const kind: ItemKindPort = { ...guess, checkPrerequisites: () => state.isReady };
    return { state, kind };
  };

  test("#63: while they are not met the Request stays Open, silent, and cannot be decided", async () => {
    const { kind } = later();
    const { initiator, template } = await gamblers(kind);
    const ear = listen(initiator.account);

    const request = await loadRequest(initiator.account, template);
    await initiator.account.sync();

    expect(request.status).toBe("Open");
    expect(ear.names()).toEqual(["transport.peerRelationshipTemplateLoaded", "consumption.incomingRequestReceived"]);
    await expect(
      initiator.account.requests.incoming.accept(request.id, { items: [{ accept: true, guess: 1 }] }),
    ).rejects.toMatchObject({ code: "request.wrongStatus" });
  });

  test.for(["sync", "start"] as const)("#63: once they are met, the next %s takes it on", async (by) => {
    const { kind, state } = later();
    const { initiator, template } = await gamblers(kind);
    const request = await loadRequest(initiator.account, template);
    const ear = listen(initiator.account);
    state.isReady = true;

    if (by === "sync") await initiator.account.sync();
    else await initiator.restart();
    await initiator.account.sync();

    expect(only(await initiator.account.requests.incoming.find())).toMatchObject({
      id: request.id,
      status: "ManualDecisionRequired",
      statusLog: [{ newStatus: "DecisionRequired" }, { newStatus: "ManualDecisionRequired" }],
    });
    if (by === "start") return;
    expect(ear.data("consumption.relationshipTemplateProcessed")).toMatchObject([
      { result: "ManualRequestDecisionRequired", requestId: request.id, template: { id: template.id } },
    ]);
  });

  test("#63: documents that the kind needs are there when it is looked at again", async () => {
    const kind: ItemKindPort = {
      ...guess,
      needs: () => ["counters/sent"],
      checkPrerequisites: (_item, { known }) => known.get("counters/sent") !== undefined,
    };
    const { templator, initiator, template } = await gamblers(kind);
    const request = await loadRequest(initiator.account, template);
    await initiator.account.sync();
    expect((await initiator.account.requests.incoming.get(request.id)).status).toBe("Open");
    // Any message makes the document that this kind waits for.
    const other = await templator.account.templates.create({
      content: structured(),
      expiresAt: "2030-01-09T00:00:00.000Z",
    });
    const theirs = await initiator.account.templates.create({
      content: structured(),
      expiresAt: other.expiresAt ?? "",
    });
    const asked = await loadRequest(templator.account, theirs);
    await templator.account.requests.incoming.accept(asked.id, { items: [{ accept: true }] });
    await initiator.account.sync();
    await initiator.account.relationships.accept(only(await initiator.account.relationships.find()).id);
    await initiator.account.messages.send({
      recipients: [templator.account.address],
      content: { "@type": "ArbitraryMessageContent", value: 1 },
    });

    await initiator.account.sync();

    expect((await initiator.account.requests.incoming.get(request.id)).status).toBe("ManualDecisionRequired");
  });
});

describe("slots", () => {
  test("a second store is refused, and so is a second kind of one type", async () => {
    const taken = { code: "plugin.slotTaken" };

    await expect(
      createRapport({ plugins: [memoryStorage(), { ...memoryStorage(), name: "another" }] }),
    ).rejects.toMatchObject(taken);
    await expect(
      createRapport({ plugins: [bringing(guess), { ...bringing(guess), name: "another" }] }),
    ).rejects.toMatchObject(taken);
    await expect(
      createRapport({ plugins: [bringing({ ...guess, type: "ConsentRequestItem" })] }),
    ).rejects.toMatchObject(taken);
  });
});
