// What the relay must have done before a Request is accepted (src/engine/claiming.ts), with a kind that claims challenges.
import {
  type Call,
  ItemKind,
  type ItemKindPort,
  type JsonObject,
  type Plugin,
  Rule,
  type RulePort,
} from "rapport/core";
import { type PersonOptions, unreliable } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { ask, couple, listen, loadRequest, onDay, only, structured } from "../services/scenes.ts";

type Answered = { readonly result?: { readonly id?: string } };

/** Accepting it takes a challenge of the relay, under the item's name; the item named "impossible" can never have it. */
const challenge: ItemKindPort = {
  type: "ChallengeRequestItem",
  parse: (item) => (typeof item["name"] === "string" ? undefined : "name must be a text"),
  responses: { ChallengeAcceptResponseItem: () => undefined },
  needs: () => [],
  claims: ({ name }) =>
    name === "impossible"
      ? [{ key: `claim/${name}`, operation: "deleteTemplate", params: { id: "RLTnobodyhasmadethis" } }]
      : [{ key: `claim/${name}`, operation: "createChallenge" }],
  accept: ({ name }, _decision, { known }) => ({
    response: {
      "@type": "ChallengeAcceptResponseItem",
      result: "Accepted",
      challenge: (known.get(`claim/${name}`) as Answered | undefined)?.result?.id ?? "none",
    },
  }),
};

const bringing = (kind: ItemKindPort, ...rules: RulePort[]): Plugin => ({
  name: "items-challenge",
  register: ({ contribute }) => {
    contribute(ItemKind, () => kind);
    for (const rule of rules) contribute(Rule, () => rule);
  },
});

const item = (name: string) => ({ "@type": "ChallengeRequestItem", name, mustBeAccepted: false });
const accepted = { accept: true } as const;
const acceptBoth = { items: [accepted, accepted] } as const;

interface Scene {
  readonly names?: readonly [string, string];
  readonly rules?: readonly RulePort[];
  readonly request?: JsonObject;
}

/** A Request with two items that claim, loaded by an initiator whose way to the relay can be cut at the nth claim. */
async function claimed({ names = ["one", "two"], rules = [], request: more = {} }: Scene = {}) {
  const cut: { at: number; when: "before" | "after" } = { at: Number.POSITIVE_INFINITY, when: "before" };
  let claims = 0;
  const isCut = ({ operation }: Call) => {
    if (operation === "createChallenge") claims += 1;
    return operation === "createChallenge" && claims >= cut.at ? cut.when : undefined;
  };
  const person: PersonOptions = {
    plugins: [bringing(challenge, ...rules)],
    transport: (transport) => unreliable(transport, isCut),
  };
  const content = structured({ onNewRelationship: ask({ items: names.map(item), ...more }) });
  const two = await couple({ content, templator: { plugins: [bringing(challenge)] }, initiator: person });
  const cutAt = (at: number, when: "before" | "after") => {
    claims = 0;
    Object.assign(cut, { at, when });
  };
  const heal = () => Object.assign(cut, { at: Number.POSITIVE_INFINITY });
  const all = () => two.world.calls.filter(({ operation }) => operation === "createChallenge").length;
  // Making the two identities took challenges, too.
  const before = all();
  const request = await loadRequest(two.initiator.account, two.template);
  const made = () => all() - before;
  return { ...two, request, cutAt, heal, made };
}

const challengesOf = (response: unknown) =>
  (response as { content: { items: { challenge: string }[] } }).content.items.map((one) => one.challenge);

describe("accepting", () => {
  test("claims one after the other, and answers with what the relay said", async () => {
    const { initiator, templator, request } = await claimed();

    const decided = await initiator.account.requests.incoming.accept(request.id, acceptBoth);
    await templator.account.sync();

    const challenges = challengesOf(decided.response);
    expect(decided.status).toBe("Completed");
    expect(challenges).toEqual([expect.stringMatching(/^CHL/), expect.stringMatching(/^CHL/)]);
    expect(new Set(challenges).size).toBe(2);
    const theirs = await templator.account.requests.outgoing.get(request.id);
    expect(challengesOf(theirs.response)).toEqual(challenges);
    expect(await initiator.account.intents.list()).toEqual([]);
  });

  test("claims nothing for items that are rejected", async () => {
    const { initiator, request, made } = await claimed();

    await initiator.account.requests.incoming.reject(request.id, { items: [{ accept: false }, { accept: false }] });

    expect(made()).toBe(0);
  });

  test("is refused when the relay refuses the claim, and nothing is decided", async () => {
    const { initiator, request } = await claimed({ names: ["one", "impossible"] });
    const ear = listen(initiator.account);
    const { incoming } = initiator.account.requests;

    const refusal = await incoming.accept(request.id, acceptBoth).catch((problem) => problem);

    expect(refusal).toMatchObject({ code: "error.platform.recordNotFound" });
    expect(await incoming.get(request.id)).toMatchObject({ status: "ManualDecisionRequired" });
    expect(await incoming.decision(request.id)).toBeUndefined();
    expect(await initiator.account.intents.list()).toEqual([]);
    expect(ear.events).toEqual([]);
  });

  test("finds what an earlier try has claimed, and does not claim it again", async () => {
    const { initiator, request, made } = await claimed({ names: ["one", "impossible"] });
    const { incoming } = initiator.account.requests;
    await incoming.accept(request.id, acceptBoth).catch(() => undefined);

    const decided = await incoming.accept(request.id, { items: [accepted, { accept: false }] });

    expect(made()).toBe(1);
    expect(challengesOf(decided.response)[0]).toMatch(/^CHL/);
    expect(decided.status).toBe("Completed");
  });
});

describe("what the relay said to a claim, kept for a later try,", () => {
  /** The first item was claimed, the second cannot be; the Request is over in a day. */
  async function halfway() {
    const two = await claimed({ names: ["one", "impossible"], request: { expiresAt: onDay(1) } });
    await two.initiator.account.requests.incoming.accept(two.request.id, acceptBoth).catch(() => undefined);
    const kept = () => [...two.initiator.disk.documents().keys()].filter((key) => key.includes("claims-"));
    expect(kept()).toHaveLength(1);
    return { ...two, incoming: two.initiator.account.requests.incoming, kept };
  }

  test.for(["accept", "reject"] as const)("goes when a later try does %s", async (result) => {
    const { incoming, request, kept } = await halfway();
    const items = [{ accept: result === "accept" }, { accept: false }] as const;

    await incoming[result](request.id, { items });

    expect(kept()).toEqual([]);
  });

  test("goes with the Request", async () => {
    const { incoming, request, kept, world } = await halfway();
    world.clock.advance(2 * 24 * 60 * 60 * 1000);

    await incoming.delete(request.id);

    expect(kept()).toEqual([]);
  });
});

describe.for([1, 2])("without an answer to claim %i", (at) => {
  const ways = (["before", "after"] as const).flatMap((when) =>
    (["sync", "restart"] as const).map((by) => [when, by] as const),
  );

  test.for(ways)("lost %s the relay heard it, the next %s goes on and decides once", async ([when, by]) => {
    const { initiator, templator, request, cutAt, heal } = await claimed();
    cutAt(at, when);
    const command = { commandId: "accept-it" };

    const silence = await initiator.account.requests.incoming
      .accept(request.id, acceptBoth, command)
      .catch((problem) => problem);
    const meanwhile = await initiator.account.requests.incoming.get(request.id);
    const second = await initiator.account.requests.incoming.accept(request.id, acceptBoth).catch((problem) => problem);
    heal();
    if (by === "restart") await initiator.restart();
    else await initiator.account.sync();
    await templator.account.sync();

    expect(silence).toMatchObject({ code: "relay.unreachable" });
    expect(meanwhile.status).toBe("ManualDecisionRequired");
    expect(second).toMatchObject({ code: "command.inProgress" });
    const decided = await initiator.account.requests.incoming.get(request.id);
    expect(decided.status).toBe("Completed");
    expect(challengesOf(decided.response)).toEqual([expect.stringMatching(/^CHL/), expect.stringMatching(/^CHL/)]);
    const again = await initiator.account.requests.incoming.accept(request.id, acceptBoth, command);
    expect(again.response).toEqual(decided.response);
    expect(only(await templator.account.requests.outgoing.find())).toMatchObject({ status: "Completed" });
  });
});

test("a rule's verdict that cannot claim what it takes is left to people, with the reason", async () => {
  const rule: RulePort = { name: "eager", judgeRequest: () => ({ verdict: "accept", items: [accepted, accepted] }) };
  const { initiator, request } = await claimed({ names: ["one", "impossible"], rules: [rule] });

  const { incoming } = initiator.account.requests;
  expect(await incoming.get(request.id)).toMatchObject({ status: "ManualDecisionRequired" });
  expect(await incoming.decision(request.id)).toMatchObject({
    verdict: "manual",
    tried: [
      { rule: "eager", verdict: "accept" },
      { rule: "eager", refused: "error.platform.recordNotFound" },
    ],
  });
});
