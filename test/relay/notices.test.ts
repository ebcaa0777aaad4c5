import type { JsonObject } from "rapport/core";
import { describe, expect, test } from "vitest";
import { bring, openRelay, type Status } from "./parties.ts";

const collection = {
  supportedLanguages: ["en", "de"],
  tagsForAttributeValueTypes: {
    PhoneNumber: {
      emergency: {
        displayNames: { en: "Emergency", de: "Notfall" },
        children: { first: { displayNames: { en: "First" } }, another: { displayNames: { en: "Another" } } },
      },
    },
  },
};

describe("tags", () => {
  test("are for anybody, with their version; who has it gets none", async () => {
    const world = await openRelay();
    await world.relay.admin.tags.set(collection);
    const get = (etag?: string) => world.relay.call({ operation: "getTags", ...(etag === undefined ? {} : { etag }) });

    const first = await get();
    const etag = (first.ok ? first.etag : undefined) ?? "";

    expect(first).toMatchObject({ ok: true, status: 200, result: collection });
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const same of [etag, `W/${etag}`, `"other", ${etag}`]) {
      expect(await get(same)).toEqual({ ok: true, status: 304, result: {}, etag, rapport: true });
    }
    for (const other of ['"other"', "", etag.slice(1, -1)]) {
      expect(await get(other)).toMatchObject({ status: 200, result: collection, etag });
    }
  });

  test("have another version once they change, and a version before the operator sets any", async () => {
    const { relay } = await openRelay();
    const etagNow = async () => {
      const answer = await relay.call({ operation: "getTags" });
      return answer.ok ? answer.etag : undefined;
    };

    const before = await etagNow();
    await relay.admin.tags.set(collection);
    const after = await etagNow();
    await relay.admin.tags.set({ ...collection, supportedLanguages: ["en"] });

    expect(before).toEqual(expect.any(String));
    expect(new Set([before, after, await etagNow()]).size).toBe(3);
    expect(await relay.admin.tags.get()).toEqual({ ...collection, supportedLanguages: ["en"] });
  });

  test("are an empty collection at first, and one without the right shape is refused", async () => {
    const { relay, anonymous } = await openRelay();
    const empty = { supportedLanguages: ["en"], tagsForAttributeValueTypes: {} };
    let deep: JsonObject = {};
    for (let depth = 0; depth < 11; depth += 1) deep = { tag: { displayNames: { en: "x" }, children: deep } };

    for (const [wrong, member] of [
      [{}, "supportedLanguages"],
      [{ ...empty, supportedLanguages: ["english"] }, "supportedLanguages"],
      [{ supportedLanguages: ["en"] }, "tagsForAttributeValueTypes"],
      [{ ...empty, tagsForAttributeValueTypes: { A: { b: {} } } }, "tagsForAttributeValueTypes\\.A\\.b\\.displayNames"],
      [{ ...empty, tagsForAttributeValueTypes: { A: deep } }, "tagsForAttributeValueTypes\\.A[\\w.]+"],
      [{ ...empty, more: "x".repeat(1024 * 1024) }, "collection"],
    ] as const) {
      const message = expect.stringMatching(new RegExp(`^${member} must`));
      await expect(relay.admin.tags.set(wrong as typeof empty)).rejects.toMatchObject({
        code: "input.invalid",
        message,
      });
    }

    expect(await anonymous.ok("getTags")).toEqual(empty);
    expect(await relay.admin.tags.get()).toEqual(empty);
  });
});

describe("a Notification", () => {
  test.for<[Status, string]>([
    ["Pending", "ok"],
    ["Active", "ok"],
    ["Terminated", "ok"],
    ["Rejected", "notification.relationshipToRecipientIsNotInCorrectStatus"],
    ["Revoked", "notification.relationshipToRecipientIsNotInCorrectStatus"],
    ["DeletionProposed", "notification.relationshipToRecipientIsNotInCorrectStatus"],
  ])("to somebody whose Relationship is %s: %s", async ([status, expected]) => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    await world.relay.admin.notificationCodes.set(["code"]);
    await bring(from, to, status);

    const answer = await from.call("sendNotification", { body: { code: "code", recipients: [to.address] } });

    if (expected === "ok") expect(answer).toMatchObject({ ok: true, status: 204 });
    else expect(answer).toMatchObject({ status: 400, error: { code: `error.platform.validation.${expected}` } });
  });

  test("needs a code of the operator, and a Relationship with everybody", async () => {
    const world = await openRelay();
    const [from, to, stranger] = [await world.party(), await world.party(), await world.party()];
    await world.relay.admin.notificationCodes.set(["code", "code", "other"]);
    await bring(from, to, "Active");
    const no = (code: string, ...recipients: readonly string[]) =>
      from.no("sendNotification", { body: { code, recipients } });

    expect(await world.relay.admin.notificationCodes.get()).toEqual(["code", "other"]);
    expect(await no("unknown", to.address)).toBe("notification.codeDoesNotExist");
    expect(await no("code", to.address, stranger.address)).toBe(
      "notification.noRelationshipToOneOrMoreRecipientsExists",
    );
    expect(await no("code", from.address)).toBe("notification.noRelationshipToOneOrMoreRecipientsExists");
  });

  test("has 1 to 100 recipients, which are addresses", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    await world.relay.admin.notificationCodes.set(["code"]);
    await bring(from, to, "Active");
    const send = (recipients: unknown) => from.call("sendNotification", { body: { code: "code", recipients } });

    for (const wrong of [[], undefined, "all", [to.address, "nobody"], [7], Array(101).fill(to.address)]) {
      expect(await send(wrong)).toMatchObject({
        status: 400,
        error: { code: "error.platform.validation.invalidPropertyValue" },
      });
    }
    expect(await send(Array(100).fill(to.address))).toMatchObject({ status: 204 });
  });

  test("codes without the right shape are refused", async () => {
    const { relay } = await openRelay();

    for (const wrong of ["code", [""], [7], Array(1_001).fill("code")]) {
      await expect(relay.admin.notificationCodes.set(wrong as string[])).rejects.toMatchObject({
        code: "input.invalid",
        message: expect.stringMatching(/^codes/),
      });
    }
  });
});

test("references of public templates are those of the client that created the identity", async () => {
  const world = await openRelay();
  const party = await world.party();
  const { publicTemplateReferences } = world.relay.admin;
  const reference = { title: "Library card", description: "Borrow books.", truncatedReference: "UkxU" };
  expect(await party.ok("listPublicTemplateReferences")).toEqual([]);

  await publicTemplateReferences.set("test", [{ ...reference, more: "left out" } as typeof reference]);
  await publicTemplateReferences.set("other", [reference, reference]);

  expect(await party.ok("listPublicTemplateReferences")).toEqual([reference]);
  expect(await publicTemplateReferences.get("other")).toHaveLength(2);
  expect(await publicTemplateReferences.get("../client")).toEqual([]);
  await expect(publicTemplateReferences.set("a/b", [])).rejects.toMatchObject({ code: "input.invalid" });
  await expect(publicTemplateReferences.set("test", [{ ...reference, title: "" }])).rejects.toMatchObject({
    code: "input.invalid",
    message: expect.stringMatching(/^references\[0\]\.title must/),
  });
});

test("the event stream is for a login", async () => {
  const world = await openRelay();
  const party = await world.party();

  expect(await party.call("openEventStream")).toMatchObject({ ok: true, status: 200, result: {} });
  expect(await world.anonymous.no("openEventStream")).toBe("unauthorized");
});
