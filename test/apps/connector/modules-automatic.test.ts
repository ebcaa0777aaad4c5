// Modules that work by themselves (spec/connector-api.md 4.3), between two Connectors and a relay.
import { createHandClock } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { until } from "../../plugins/publishing.ts";
import { befriended, knock, recordingLog, relationshipsOf, statusAt, withModules } from "./modules-stage.ts";
import { openStage } from "./stage.ts";

describe("autoAcceptPendingRelationships", () => {
  test("accepts a Relationship that a peer creates, and its decision says which rule it was", async () => {
    await using stage = await openStage();

    const { alice, bob, id } = await befriended(stage);

    expect([await statusAt(alice, id), await statusAt(bob, id)]).toEqual(["Active", "Active"]);
    const [hosted] = alice.connector.identities;
    expect(await hosted?.account.relationships.decision(id)).toMatchObject({
      verdict: "accept",
      decider: { kind: "rule", rule: "autoAcceptPendingRelationships" },
    });
  });

  test("under its older name it says something with the acceptance", async () => {
    await using stage = await openStage();
    const responseContent = { welcome: "here" };
    const alice = await stage.actor(
      "alice",
      withModules({ autoAcceptRelationshipCreationChanges: { enabled: true, responseContent } }),
    );
    const bob = await stage.actor("bob");

    const id = await knock(alice, bob);
    await alice.call("POST", "/api/v2/Account/Sync");
    await bob.call("POST", "/api/v2/Account/Sync");

    const { body } = await bob.call("GET", `/gen/gen1/api/v2/Relationships/${id}`);
    expect(body.result.changes[0].response.content).toEqual(responseContent);
  });

  test("off, a person decides", async () => {
    await using stage = await openStage();
    const alice = await stage.actor("alice");
    const bob = await stage.actor("bob");

    const id = await knock(alice, bob);
    await alice.call("POST", "/api/v2/Account/Sync");

    expect(await statusAt(alice, id)).toBe("Pending");
  });
});

describe("autoDecomposeDeletionProposedRelationships", () => {
  test("decomposes what the peer has decomposed, half a second later", async () => {
    const clock = createHandClock();
    await using stage = await openStage(clock);
    const { alice, bob, id } = await befriended(stage, {
      autoDecomposeDeletionProposedRelationships: { enabled: true },
    });
    await bob.call("PUT", `/api/v2/Relationships/${id}/Terminate`);
    await alice.call("POST", "/api/v2/Account/Sync");

    await bob.call("DELETE", `/api/v2/Relationships/${id}`);
    await alice.call("POST", "/api/v2/Account/Sync");
    await until(async () => (await relationshipsOf(alice)).length === 0);

    expect(await statusAt(alice, id)).toBeUndefined();
  });
});

describe("sync", () => {
  test("synchronises at the start and again after each run", async () => {
    await using stage = await openStage(createHandClock());
    const alice = await stage.actor("alice", withModules({ sync: { enabled: true, interval: 1 } }));
    const bob = await stage.actor("bob");

    const id = await knock(alice, bob);
    await until(async () => (await relationshipsOf(alice)).length > 0);

    expect(await statusAt(alice, id)).toBe("Pending");
  });

  test("a failure is logged, and the next run comes", async () => {
    const { log, warnings } = recordingLog();
    const stage = await openStage(createHandClock());
    const alice = await stage.actor("alice", withModules({ sync: { enabled: true, interval: 1 } }, { log }));

    await stage.relay[Symbol.asyncDispose]();
    await until(() => warnings().filter((message) => message === "A sync failed.").length > 2);
    await alice.connector.close();

    const count = warnings().length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings().length).toBe(count);
  });

  test("with sse on it is switched off, with a warning", async () => {
    const { log, warnings } = recordingLog();
    await using stage = await openStage();
    const alice = await stage.actor("alice", withModules({ sync: { enabled: true }, sse: { enabled: true } }, { log }));

    expect(warnings()).toEqual([expect.stringContaining("sync is switched off")]);
    expect((await alice.call("GET", "/api/v2/Account/SyncInfo")).body.result).toEqual({});
  });
});

test("sse: what a peer does arrives without anybody asking", async () => {
  await using stage = await openStage();
  const alice = await stage.actor("alice", withModules({ sse: { enabled: true } }, { background: true }));
  const bob = await stage.actor("bob");

  const id = await knock(alice, bob);
  await until(async () => (await relationshipsOf(alice)).length > 0);

  expect(await statusAt(alice, id)).toBe("Pending");
});

describe("decider", () => {
  test("decides Requests by its automation", async () => {
    await using stage = await openStage();
    const { alice, bob } = await befriended(stage, {
      decider: {
        neverAutomatic: [],
        automationConfig: [
          { requestConfig: { "content.item.@type": "ConsentRequestItem" }, responseConfig: { accept: true } },
        ],
      },
    });
    const [asker] = bob.connector.identities;
    const [decider] = alice.connector.identities;
    const peer = decider?.account.address ?? "";

    const content = { items: [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "May we?" }] };
    const draft = await bob.call("POST", "/api/v2/Requests/Outgoing", { peer, content });
    await bob.call("POST", "/api/v2/Messages", { recipients: [peer], content: draft.body.result.content });
    await alice.call("POST", "/api/v2/Account/Sync");
    await bob.call("POST", "/api/v2/Account/Sync");

    const sent = await asker?.account.requests.outgoing.get(draft.body.result.id);
    expect(sent).toMatchObject({
      status: "Completed",
      response: { content: { result: "Accepted", items: [{ result: "Accepted" }] } },
    });
  });

  test("an entry whose answer does not fit fails the start", async () => {
    await using stage = await openStage();
    const automationConfig = [
      { requestConfig: { "content.item.@type": "ReadAttributeRequestItem" }, responseConfig: { accept: true } },
    ];

    await expect(stage.actor("alice", withModules({ decider: { automationConfig } }))).rejects.toMatchObject({
      code: "error.runtime.decide.requestConfigDoesNotMatchResponseConfig",
    });
  });

  test("it cannot be switched off", async () => {
    const { log, warnings } = recordingLog();
    await using stage = await openStage();

    await stage.actor("alice", withModules({ decider: { enabled: false } }, { log }));

    expect(warnings()).toEqual(["The module decider is part of the engine and cannot be switched off."]);
  });
});
