// Bad input, continued: a relay that changes what it carries. Everything is refused with a code, and reported.
import type { Answer, Call, Json, JsonObject, TransportPort } from "rapport/core";
import { describe, expect, test } from "vitest";
import { flipped, reseal } from "../services/resealing.ts";
import {
  active,
  arbitrary,
  ask,
  couple,
  differences,
  everything,
  greeting,
  loadRequest,
  onDay,
  only,
  pending,
  reasons,
  structured,
  yes,
} from "../services/scenes.ts";

type Change = (result: JsonObject, call: Call) => JsonObject;

/** A relay that changes what it answers, as long as `change` is there. */
interface Lies {
  change: Change | undefined;
}

const lying =
  (lies: Lies) =>
  (transport: TransportPort): TransportPort => ({
    ...transport,
    call: async (call, session): Promise<Answer> => {
      const answer = await transport.call(call, session);
      if (!answer.ok || lies.change === undefined) return answer;
      const change = lies.change;
      const each = (result: Json): Json => change(result as JsonObject, call);
      const { result } = answer;
      return { ...answer, result: Array.isArray(result) ? result.map(each) : each(result) };
    },
  });

const member =
  (name: string, change: (text: string) => string): Change =>
  (result) =>
    typeof result[name] === "string" ? { ...result, [name]: change(result[name]) } : result;

describe("a template", () => {
  test.for([
    ["a turned bit", "seal.broken", member("content", (text) => flipped(text))],
    ["a ciphertext that is none", "seal.malformed", member("content", () => "bm90aGluZw")],
    ["half of it", "seal.malformed", member("content", (text) => text.slice(0, text.length >> 1))],
    ["another author", "seal.addressMismatch", member("createdBy", (address) => address.replace(/.{6}$/, "000000"))],
  ] as const)("with %s", async ([, code, change]) => {
    const lies: Lies = { change: undefined };
    await using two = await couple({ initiator: { transport: lying(lies) } });
    const { world, initiator, template } = two;
    const before = everything(world, initiator);
    lies.change = change;

    const loading = initiator.account.templates.load({ reference: template.reference.url });

    await expect(loading).rejects.toMatchObject({ name: "RapportError", code });
    const changed = differences(before, everything(world, initiator));
    expect(changed.filter((key) => !key.startsWith("relay: relay/allocation"))).toEqual([]);
    lies.change = undefined;
    expect((await initiator.account.templates.load({ reference: template.reference.url })).id).toBe(template.id);
  });

  const wrapper = (change: (text: string) => string) => (text: string) => {
    const signed = JSON.parse(text) as { serializedTemplate: string };
    return JSON.stringify({ ...signed, serializedTemplate: change(signed.serializedTemplate) });
  };

  test.for([
    ["other content", "error.transport.signatureNotValid", wrapper((text) => text.replace("due dates", "due datez"))],
    [
      "another address",
      "seal.addressMismatch",
      wrapper((text) => text.replace(/dids:.{22}/, `dids:${"0".repeat(22)}`)),
    ],
    ["another key", "seal.addressMismatch", wrapper((text) => text.replace(/"pub":".{4}/, '"pub":"AAAA'))],
    [
      "another key to answer with",
      "error.transport.signatureNotValid",
      wrapper((text) => text.replace(/("templateKey":\{"id":"[^"]*","pub":").{4}/, "$1AAAA")),
    ],
    ["no signature", "seal.malformed", (text: string) => text.replace("deviceSignature", "nothing")],
    ["a key that has no shape", "seal.malformed", wrapper((text) => text.replace(/"pub":".{4}/, '"pub":"'))],
    ["something that is no JSON", "seal.malformed", () => "{"],
  ] as const)("sealed again by somebody who knows the reference, with %s", async ([, code, change]) => {
    const lies: Lies = { change: undefined };
    await using two = await couple({ initiator: { transport: lying(lies) } });
    const { initiator, template } = two;
    const before = everything(two.world, initiator);
    lies.change = member("content", (content) => reseal(content, template.secretKey, change));

    const loading = initiator.account.templates.load({ reference: template.reference.url });

    await expect(loading).rejects.toMatchObject({ name: "RapportError", code });
    const changed = differences(before, everything(two.world, initiator));
    expect(changed.filter((key) => !key.startsWith("relay: relay/allocation"))).toEqual([]);
  });
});

test("a token with a turned bit", async () => {
  const lies: Lies = { change: (result, call) => (call.operation === "getToken" ? turnedToken(result) : result) };
  const turnedToken = member("content", (text) => flipped(text)) as (result: JsonObject) => JsonObject;
  await using two = await couple({ initiator: { transport: lying(lies) } });
  const { templator, initiator, template } = two;
  const token = await templator.account.tokens.createForTemplate({ templateId: template.id });

  const loading = initiator.account.templates.load({ reference: token.reference.url });

  await expect(loading).rejects.toMatchObject({ code: "seal.broken" });
  expect(await initiator.account.templates.find()).toEqual([]);
});

describe("a creation", () => {
  test.for([
    ["a turned bit", "seal.broken", member("creationContent", (text) => flipped(text))],
    ["a ciphertext that is none", "seal.malformed", member("creationContent", () => "bm90aGluZw")],
    ["another key to open it with", "seal.broken", member("creationContent", (text) => flipped(text, 'eph":{"pub'))],
    [
      "another key to verify it with",
      "error.transport.signatureNotValid",
      member("creationContent", (text) => flipped(text, 'sig":{"pub')),
    ],
    ["another author", "seal.addressMismatch", member("from", (address) => address.replace(/.{6}$/, "000000"))],
  ] as const)("with %s becomes a dead letter", async ([, code, change]) => {
    const lies: Lies = { change };
    await using two = await couple({ templator: { transport: lying(lies) } });
    const { world, templator, initiator, template } = two;
    const request = await loadRequest(initiator.account, template);
    await initiator.account.requests.incoming.accept(request.id, yes);

    const brought = await templator.account.sync();

    expect(brought).toEqual({ relationships: [], messages: [] });
    expect(await templator.account.relationships.find()).toEqual([]);
    expect(await templator.account.requests.outgoing.find()).toEqual([]);
    const letter = only(await templator.account.deadLetters.list());
    const { id } = only(await initiator.account.relationships.find());
    expect(letter).toMatchObject({ code, payload: { relationshipId: id } });
    expect(world.warnings).toHaveLength(1);
    lies.change = undefined;
    expect(await templator.account.sync()).toEqual({ relationships: [], messages: [] });
    expect(await templator.account.deadLetters.list()).toEqual([letter]);
  });
});

test("a creation with another key for the answer: the protocol signs it not, but the initiator takes no such answer", async () => {
  const lies: Lies = { change: member("creationContent", (text) => flipped(text, 'exc":{"pub')) };
  await using two = await pending({ templator: { transport: lying(lies) } });
  await two.templator.account.relationships.accept(two.id);

  await two.initiator.account.sync();

  expect(only(await two.initiator.account.deadLetters.list()).code).toBe("seal.broken");
  expect((await two.initiator.account.relationships.get(two.id)).status).toBe("Pending");
});

describe("an acceptance", () => {
  test.for([
    ["a turned bit", "seal.broken", member("creationResponseContent", (text) => flipped(text))],
    ["a ciphertext that is none", "seal.malformed", member("creationResponseContent", () => "bm90aGluZw")],
    ["another key inside", "seal.broken", member("creationResponseContent", (text) => flipped(text, "pub"))],
  ] as const)("with %s becomes a dead letter; the Relationship waits for a true one", async ([, code, change]) => {
    const lies: Lies = { change: undefined };
    await using two = await pending({ initiator: { transport: lying(lies) } });
    const { templator, initiator } = two;
    await templator.account.relationships.accept(two.id, { content: { cardNumber: 42 } });
    lies.change = change;

    expect(await initiator.account.sync()).toEqual({ relationships: [], messages: [] });

    expect(only(await initiator.account.deadLetters.list())).toMatchObject({ code });
    const still = await initiator.account.relationships.get(two.id);
    expect(still.status).toBe("Pending");
    expect(still).not.toHaveProperty("responseContent");
    lies.change = undefined;
    expect((await initiator.account.sync()).relationships).toMatchObject([{ id: two.id, status: "Active" }]);
    expect(await initiator.account.relationships.get(two.id)).toMatchObject({ responseContent: { cardNumber: 42 } });
  });

  test("of another Relationship is not taken for this one's", async () => {
    const lies: Lies = { change: undefined };
    await using two = await pending({ content: arbitrary, initiator: { transport: lying(lies) } });
    const { world, templator, initiator } = two;
    const other = await world.person("other");
    await other.account.templates.load({ reference: two.template.reference.url });
    await other.account.relationships.create({ templateId: two.template.id, creationContent: greeting });
    await templator.account.sync();
    const [, theirs] = await templator.account.relationships.find({ status: "Pending" });
    await templator.account.relationships.accept(theirs?.id ?? "");
    await templator.account.relationships.accept(two.id);
    const sealed = world.relayDisk.documents().get(`relay/relationship/${theirs?.id}`)?.["creationResponseContent"];
    lies.change = member("creationResponseContent", () => String(sealed));

    await initiator.account.sync();

    expect(typeof sealed).toBe("string");
    expect(only(await initiator.account.deadLetters.list()).code).toBe("seal.broken");
    expect((await initiator.account.relationships.get(two.id)).status).toBe("Pending");
  });
});

describe("a Message", () => {
  const recipients =
    (change: (key: string) => string): Change =>
    (result) =>
      Array.isArray(result["recipients"])
        ? {
            ...result,
            recipients: (result["recipients"] as JsonObject[]).map((one) => ({
              ...one,
              encryptedKey: change(String(one["encryptedKey"])),
            })),
          }
        : result;

  test.for([
    ["a turned bit", "seal.broken", member("body", (text) => flipped(text))],
    ["a turned bit in its key", "seal.broken", recipients((text) => flipped(text))],
    ["a body that is none", "seal.malformed", member("body", () => "bm90aGluZw")],
    ["no body", "error.transport.recordNotFound", ({ body: _gone, ...result }: JsonObject) => result],
    [
      "another sender",
      "error.transport.recordNotFound",
      member("createdBy", (text) => text.replace(/.{6}$/, "000000")),
    ],
  ] as const)("with %s becomes a dead letter, and those after it arrive", async ([, code, change]) => {
    const lies: Lies = { change: undefined };
    await using two = await active({ initiator: { transport: lying(lies) } });
    const { templator, initiator } = two;
    const peer = initiator.account.address;
    const { id, content } = await templator.account.requests.outgoing.create({ content: ask(), peer });
    const first = await templator.account.messages.send({ recipients: [peer], content });
    const after = { "@type": "ArbitraryMessageContent", value: "after" };
    await templator.account.messages.send({ recipients: [peer], content: after });
    lies.change = (result, call) => (result["id"] === first.id ? (change as Change)(result, call) : result);

    const { messages } = await initiator.account.sync();

    expect(messages.map((one) => one.content)).toEqual([after]);
    expect(only(await initiator.account.deadLetters.list())).toMatchObject({ code, payload: { id: first.id } });
    expect(await initiator.account.requests.incoming.find({ id })).toEqual([]);
    expect(two.world.warnings).toHaveLength(1);
  });
});

test("an audit log that makes no sense is not followed", async () => {
  const lies: Lies = { change: undefined };
  await using two = await active({ content: structured(), expiresAt: onDay(9), initiator: { transport: lying(lies) } });
  await two.templator.account.relationships.terminate(two.id);
  lies.change = (result) =>
    Array.isArray(result["auditLog"])
      ? {
          ...result,
          auditLog: (result["auditLog"] as JsonObject[]).map((entry) =>
            entry["reason"] === "Termination" ? { ...entry, reason: "AcceptanceOfReactivation" } : entry,
          ),
        }
      : result;

  await two.initiator.account.sync();

  expect(only(await two.initiator.account.deadLetters.list()).code).toBe("relay.malformedAnswer");
  const kept = await two.initiator.account.relationships.get(two.id);
  expect(kept.status).toBe("Active");
  expect(reasons(kept)).toEqual(["Creation", "AcceptanceOfCreation"]);
});
