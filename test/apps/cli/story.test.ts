import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { everyKind, keptInMemory, tell, templateFile, temporaryFolder } from "./told.ts";

const members = ["step", "act", "who", "title", "subject", "before", "after", "shows", "relay"];

describe("the story", () => {
  test.for(["memory", "lowdb", "sqlite"])("runs to its end on %s", async (kind) => {
    const store = kind === "memory" ? kind : `${kind}:${join(temporaryFolder(), "story")}`;

    const { result, steps } = await tell({ store });

    expect(result).toMatchObject({ store: kind, isContinued: false, isSameOnBothSides: true, steps: steps.length });
    expect(new Set(result.relationships.map(({ side }) => side))).toEqual(new Set(["City Library", "Jonas"]));
    expect(result.relay.ciphertexts).toBeGreaterThan(10);
  });

  test("passes through every status, and nothing of Mara's is left at the end", async () => {
    const { steps, result } = await tell();

    const seen = steps.flatMap(({ before, after }) => [before, after]).join(" ");
    for (const status of ["Pending", "Active", "Rejected", "Revoked", "Terminated", "DeletionProposed", "gone"])
      expect(seen).toContain(status);
    const erased = steps.at(-1)?.shows ?? {};
    expect(erased["library had"]).toMatch(/^1 Relationship, 2 Requests, 2 messages/);
    expect(erased["library has"]).toMatch(/^0 Relationships, 0 Requests, 0 messages, 0/);
    expect(erased["at the relay"]).toBe("0 of its 6 ciphertexts left");
    expect(result.relationships.map((one) => one.with)).not.toContain("Mara");
  });

  test("the relay lets one side of the race through and tells the other", async () => {
    const { steps } = await tell();

    const race = steps.find(({ act }) => act === "Both at once");
    const outcomes = [race?.shows["accept"], race?.shows["revoke"]].toSorted();

    expect(outcomes).toEqual(["refused: error.transport.relationships.wrongRelationshipStatus", "went through"]);
  });

  test("shows bytes that the relay really keeps", async () => {
    const file = join(temporaryFolder(), "story");

    let content: string | undefined;
    // What is erased later is in the file while the story is told.
    const hear = () => {
      content ??= readFileSync(`${file}.relay`, "utf8").match(/"content":\s*"([^"]+)"/)?.[1];
    };

    const { steps } = await tell({ store: `lowdb:${file}`, hear });

    const shown = steps.find(({ after }) => after === "published")?.shows["at the relay"] ?? "";
    const bytes = Buffer.from(shown.split(" ...")[0]?.replaceAll(" ", "") ?? "", "hex");
    expect(bytes.length).toBe(24);
    expect(Buffer.from(content ?? "", "base64").toString()).toContain(`"cph":"${bytes.toString("base64url")}`);
  });
});

describe("as JSON", () => {
  test("each line is an object with the same members, and the last one is the result", async () => {
    const { lines, result } = await tell({ json: true });

    const parsed = lines.map((line): Record<string, unknown> => JSON.parse(line));
    expect(parsed.at(-1)).toEqual({ result: JSON.parse(JSON.stringify(result)) });
    for (const [index, step] of parsed.slice(0, -1).entries()) {
      expect(Object.keys(step)).toEqual(members);
      expect(step).toMatchObject({ step: index + 1, relay: { bytes: expect.any(Number), sees: expect.any(String) } });
    }
  });
});

describe("as text", () => {
  test.for([60, 80, 100])("no line is longer than %i columns", async (width) => {
    const { lines } = await tell({ width });

    expect(lines.filter((line) => line.length > width)).toEqual([]);
    expect(lines.join("\n")).not.toMatch(/undefined|\[object|NaN/);
  });
});

describe("twice on the same file", () => {
  test.for(["lowdb", "sqlite"])("%s: the same identities, new Relationships, a longer history", async (kind) => {
    const store = `${kind}:${join(temporaryFolder(), "story")}`;

    const first = await tell({ store });
    const second = await tell({ store });

    const addresses = ({ steps }: typeof first) => ["City Library", "Mara", "Jonas"].map((who) => steps[0]?.shows[who]);
    expect(addresses(second)).toEqual(addresses(first));
    expect(second.result).toMatchObject({ isContinued: true, isSameOnBothSides: true });
    const statuses = second.result.relationships.filter(({ side }) => side === "Jonas").map(({ status }) => status);
    expect(statuses).toEqual(["Rejected", "Revoked", "Rejected", "Revoked", "Active"]);
  });

  test("a story that was interrupted anywhere goes on", async () => {
    const { steps } = await tell();
    const store = keptInMemory();

    for (const { step } of steps) {
      const interrupted = tell({ store, json: true, hear: stopAt(step) });
      await expect(interrupted).rejects.toThrow("interrupted");
    }

    expect((await tell({ store })).result).toMatchObject({ isContinued: true, isSameOnBothSides: true });
  });
});

function stopAt(step: number) {
  return (line: string) => {
    if (line.startsWith(`{"step":${step},`)) throw new Error("interrupted");
  };
}

describe("a template of one's own", () => {
  test("every kind of item gets an answer that fits; an optional one that nothing fits is declined", async () => {
    const { result, steps } = await tell({ template: templateFile(everyKind("Zanzibar")) });

    const accepted = steps.find(({ title }) => title === "Mara accepts")?.shows;
    expect(accepted).toMatchObject({
      "item 3.4": "accepted: 7",
      "item 3.8": 'accepted: "Mara"',
      "item 3.10": "declined",
    });
    expect(result).toMatchObject({ isSameOnBothSides: true, relay: { textsFound: [] } });
  });

  test("arbitrary content goes the way without a Request", async () => {
    const content = { "@type": "ArbitraryRelationshipTemplateContent", value: { note: "Zanzibar by boat" } };
    const template = templateFile({ content, expiresAt: "2100-01-01T00:00:00.000Z", maxNumberOfAllocations: 3 });

    const { result, steps } = await tell({ template });

    expect(steps.map(({ title }) => title)).toContain("Mara answers, and asks for a Relationship");
    expect(result).toMatchObject({ isSameOnBothSides: true, relay: { textsFound: [] } });
  });

  test.for(["lowdb", "sqlite"])("%s: no text of it is in the relay's file", async (kind) => {
    const file = join(temporaryFolder(), "story");

    await tell({ store: `${kind}:${file}`, template: templateFile(everyKind("Zanzibar")) });

    const bytes = readFileSync(`${file}.relay`).toString("latin1");
    expect(bytes).toContain("relay/");
    for (const text of [bytes, ...decoded(bytes)]) expect(text).not.toMatch(/Zanzibar/i);
  });
});

// What stands in the file as base64, read.
function decoded(bytes: string): readonly string[] {
  return (bytes.match(/[\w+/-]{24,}={0,2}/g) ?? []).map((text) => Buffer.from(text, "base64").toString("latin1"));
}
