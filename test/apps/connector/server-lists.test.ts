import { request as httpRequest } from "node:http";
import { expect, test } from "vitest";
import { type AnyList, listed } from "../../../src/apps/connector/handler.ts";
import { createRenderedTexts } from "../../../src/apps/connector/server/rendered.ts";
import { echo, openServer, type TestRoutes } from "./server-stage.ts";

interface Source {
  readonly items: AnyList["items"];
  readonly seen: { read: number; rendered: number; ended: number };
}

function sourceOf(count: number, { failAt = -1, chars = 100, version = 1 } = {}): Source {
  const seen = { read: 0, rendered: 0, ended: 0 };
  async function* items() {
    try {
      for (let at = 0; at < count; at += 1) {
        if (at === failAt) throw new Error("the disk is gone");
        seen.read += 1;
        yield { id: `id${at}`, version, view: () => ({ at, text: "x".repeat(chars) }) };
      }
    } finally {
      seen.ended += 1;
    }
  }
  return { items: items(), seen };
}

function listing(source: () => Source): TestRoutes {
  return {
    list: {
      ...echo({}),
      handle: async () => {
        const { items, seen } = source();
        return listed({
          resource: "things",
          items: items as AsyncIterable<{ id: string; version: number; view(): { at: number } }>,
          render: (view) => {
            seen.rendered += 1;
            return { ...view };
          },
        });
      },
    },
  };
}

test("an empty and a short list have a length and are whole", async () => {
  for (const count of [0, 1, 3]) {
    await using stage = await openServer(listing(() => sourceOf(count)));

    const { status, headers, body } = await stage.call("GET", "/api/v2/Things");

    expect(status).toBe(200);
    expect(headers.get("content-length")).not.toBeNull();
    expect(body.result.map(({ at }: { at: number }) => at)).toEqual(Array.from({ length: count }, (_, at) => at));
  }
});

test("a long list is a stream, and whole", async () => {
  await using stage = await openServer(listing(() => sourceOf(20_000)));

  const { headers, body } = await stage.call("GET", "/api/v2/Things", undefined, { "accept-encoding": "identity" });

  expect(headers.get("transfer-encoding")).toBe("chunked");
  expect(body.result).toHaveLength(20_000);
  expect(body.result.at(-1).at).toBe(19_999);
});

test("a list is not read while nobody takes it, and reading ends when the caller goes", async () => {
  const source = sourceOf(200_000, { chars: 1_000 });
  await using stage = await openServer(listing(() => source));

  const response = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
    httpRequest(`${stage.url}/api/v2/Things`, resolve).on("error", reject).end();
  });
  response.pause();
  await until(() => source.seen.read > 100);
  let before = -1;
  await until(() => {
    const isStill = before === source.seen.read;
    before = source.seen.read;
    return isStill;
  });

  expect(source.seen.read).toBeLessThan(50_000);
  response.destroy();
  await until(() => source.seen.ended === 1);
});

test("a failure before the first byte is an ordinary error", async () => {
  const source = sourceOf(10, { failAt: 5 });
  await using stage = await openServer(listing(() => source));

  const { status, body } = await stage.call("GET", "/api/v2/Things");

  expect([status, body.error.code]).toEqual([500, "error.connector.unexpected"]);
  expect(JSON.stringify(body)).not.toContain("disk");
  expect(source.seen.ended).toBe(1);
});

test("a failure after the first byte cuts the connection", async () => {
  await using stage = await openServer(listing(() => sourceOf(20_000, { failAt: 15_000 })));

  await expect(stage.call("GET", "/api/v2/Things")).rejects.toThrow();
});

test("an object of the same version is rendered once for each profile, of another version again", async () => {
  let version = 1;
  const sources: Source[] = [];
  await using stage = await openServer(
    listing(() => {
      const source = sourceOf(3, { version });
      sources.push(source);
      return source;
    }),
  );

  await stage.call("GET", "/api/v2/Things");
  await stage.call("GET", "/api/v2/Things");
  await stage.call("GET", "/gen/gen1/api/v2/Things");
  version = 2;
  await stage.call("GET", "/api/v2/Things");

  expect(sources.map(({ seen }) => seen.rendered)).toEqual([3, 0, 3, 3]);
});

test("texts that were not used for long are forgotten, and a text is only given for its version", () => {
  const texts = createRenderedTexts(1_000);
  const shelf = texts.shelfOf("a");

  shelf.keep("used", 1, "x".repeat(100));
  shelf.keep("unused", 1, "x".repeat(100));
  for (let at = 0; at < 40; at += 1) {
    shelf.keep(`filler${at}`, 1, "x".repeat(100));
    expect(shelf.find("used", 1)).toHaveLength(100);
  }

  expect(shelf.find("unused", 1)).toBeUndefined();
  expect(shelf.find("used", 2)).toBeUndefined();
  const kept = Array.from({ length: 40 }, (_, at) => shelf.find(`filler${at}`, 1)).filter((text) => text !== undefined);
  expect(kept.length).toBeLessThanOrEqual(10);
});

async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !isTrue(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isTrue()).toBe(true);
}
