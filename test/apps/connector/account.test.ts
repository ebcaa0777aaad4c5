import { expect, test } from "vitest";
import { openStage } from "./stage.ts";

test("the identity info has an address and a public key and nothing else", async () => {
  await using stage = await openStage();
  const alice = await stage.actor("alice");

  const { status, body } = await alice.call("GET", "/api/v2/Account/IdentityInfo");

  expect(status).toBe(200);
  expect(Object.keys(body.result).toSorted()).toEqual(["address", "publicKey"]);
});
