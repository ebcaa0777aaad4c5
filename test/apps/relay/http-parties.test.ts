import { expect, test } from "vitest";
import { bring, send } from "../../relay/parties.ts";
import { partiesAt } from "./http-parties.ts";
import { serve } from "./served.ts";

test("parties over HTTP do what parties in the process do", async () => {
  const { url } = await serve();
  const { party, anonymous } = partiesAt(url);
  const [from, to] = [await party(), await party()];

  const id = await bring(from, to, "Active");
  const message = await send(from, to);

  expect(await to.sync()).toMatchObject([
    { type: "RelationshipStatusChanged", payload: { relationshipId: id } },
    { type: "MessageReceived", payload: { id: message } },
  ]);
  expect(await to.call("terminateRelationship", { id, body: {} })).toMatchObject({ ok: true, status: 200 });
  expect(await from.no("getMessage", { id })).toBe("invalidId");
  expect(await anonymous.call("getMessage", { id })).toMatchObject({ ok: false, status: 401 });
});
