// Ids that cannot be ids: said so by every route that takes one, before anything is looked up (spec/connector-api.md 1.14, 2.2).
import { beforeAll, expect, test } from "vitest";
import { contract } from "../../../src/apps/connector/contract.ts";
import { mountPaths, type Operation } from "../../../src/apps/connector/operation.ts";
import { called, refusal } from "./friends.ts";
import { type Actor, openStage } from "./stage.ts";

let actor: Actor;

beforeAll(async () => {
  const stage = await openStage();
  actor = await stage.actor("ids");
  return () => stage[Symbol.asyncDispose]();
});

const wrongValue = "error.runtime.validation.invalidPropertyValue";

const rows = Object.values<Operation>(contract)
  // A reference may stand there as well; it has a message of its own.
  .filter(({ path }) => path.includes(":") && !path.includes(":idOrReference"))
  .flatMap(({ method, path, mounts }) =>
    mounts.filter((mount) => mount !== "own").map((mount) => [method, `${mountPaths[mount]}${path}`] as const),
  );

test("there are such routes under both paths", () => {
  expect(rows.length).toBeGreaterThan(60);
});

test.for(rows)("%s %s refuses what is no id", async ([method, path]) => {
  const [, name] = /:(\w+)/.exec(path) ?? [];
  const message = await refusal(actor.call(method, path.replace(/:\w+/g, "nothing")), 400, wrongValue);
  expect(message).toMatch(new RegExp(`^${name} must match pattern `));
});

test.for(["Requests/Outgoing", "BackboneNotifications", "Messages", "IdentityMetadata"])(
  "%s refuses what is no address",
  async (noun) => {
    const method = noun === "IdentityMetadata" ? "PUT" : "POST";
    const bodies: Record<string, object> = {
      "Requests/Outgoing": { peer: "nobody", content: { items: [] } },
      BackboneNotifications: { recipients: ["nobody"], code: "code" },
      Messages: { recipients: ["nobody"], content: {} },
      IdentityMetadata: { reference: "nobody", value: 1 },
    };
    const message = await refusal(actor.call(method, `/api/v2/${noun}`, bodies[noun]), 400, wrongValue);
    expect(message).toMatch(/^(peer|recipients\/0|reference) must match pattern /);
  },
);

test("an address of the first generation is one", async () => {
  const address = `id1${"A".repeat(33)}`;
  expect(await called(actor.call("GET", `/api/v2/Attributes/Peer/Shared/Identity?peer=${address}`), 200)).toEqual([]);
});
