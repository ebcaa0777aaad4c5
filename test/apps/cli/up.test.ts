// `rapport up` as people run it: a process of its own, with real ports, in a folder that outlives it.
import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { freshBuild } from "../../tidy/built.ts";
import { temporaryFolder } from "./told.ts";
import { run, start, stop, until } from "./up-process.ts";

beforeAll(freshBuild, 300_000);

const get = async ({ url, apiKey }: { url: string; apiKey: string }, path: string) => {
  const answer = await fetch(`${url}/api/v2${path}`, { headers: { "x-api-key": apiKey } });
  // biome-ignore lint/suspicious/noExplicitAny: what is in it is what is tested.
  const body: any = await answer.json();
  return { status: answer.status, body };
};

describe("rapport up", () => {
  test("plays the story over HTTP, says where everything is, and ends well with Ctrl+C", async () => {
    const running = run("--folder", temporaryFolder(), "--port", "0");
    await until(running, "Ready. Ctrl+C stops it.");
    const exit = await stop(running);
    const { out, err } = running.said;

    expect(out).toMatch(/library POST \/api\/v2\/RelationshipTemplates\/Own +201 RLT\.\./);
    expect(out).toMatch(
      /library PUT {2}\/api\/v2\/Relationships\/REL\.\.\w+\/Changes\/RCH\.\.\w+\/Accept +200 .* Active/,
    );
    expect(out).toMatch(/http:\/\/localhost:\d+\/app#key=\S{30,}/);
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
  });

  test("a restart keeps identities, keys, ports and the Relationship", async () => {
    const folder = temporaryFolder();
    const first = await start(folder, "--port", "0");
    const exit = await stop(first);
    const second = await start(folder);
    const [library] = second.told.connectors;
    const { body } = await get(library, "/Relationships");

    expect(exit).toBe(0);
    expect(second.told.connectors).toEqual(first.told.connectors);
    expect([first.told.story.isNew, second.told.story.isNew]).toEqual([true, false]);
    expect(body.result).toMatchObject([{ id: first.told.story.relationship.id, status: "Active" }]);
    expect(await stop(second)).toBe(0);
  });

  test("the walk-through works in a plain shell, as often as somebody likes", async () => {
    const running = await start(temporaryFolder(), "--port", "0");
    const [library, mara] = running.told.connectors;
    const script = running.told.walkThrough.lines.join("\n");

    for (const _time of ["once", "again"]) {
      const { stdout, stderr } = await promisify(execFile)("sh", ["-c", script]);
      expect({ last: stdout.trim().split("\n").at(-1), stderr }).toMatchObject({
        last: expect.stringMatching(/REL\w{17} Active$/),
        stderr: "",
      });
    }
    const [hers, theirs] = [await get(mara, "/Relationships"), await get(library, "/Relationships")];

    expect(hers.body.result).toMatchObject([{ status: "Active" }]);
    expect(theirs.body.result).toMatchObject([{ status: "Active", id: hers.body.result[0].id }]);
  });

  test("nobody gets in without the key; the page is open, and its question waits", async () => {
    const running = await start(temporaryFolder(), "--port", "0");
    const [, mara] = running.told.connectors;
    const stranger = await get({ ...mara, apiKey: "wrong" }, "/Account/IdentityInfo");
    const page = await fetch(`${mara.url}/app`);
    const waiting = await get(mara, "/Requests/Incoming?status=ManualDecisionRequired");

    expect(stranger.status).toBe(401);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(waiting.body.result).toMatchObject([{ content: { title: "The new reading room" } }]);
  });

  test("a port that somebody else has gives way to the next free one", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen({ port: 0, host: "127.0.0.1" }, resolve));
    onTestFinished(() => void other.close());
    const address = other.address();
    const taken = typeof address === "object" && address !== null ? address.port : 0;
    const running = run("--folder", temporaryFolder(), "--port", String(taken));
    await until(running, "Ready.");

    expect(running.said.out).toContain(`Somebody else listens on ${taken}`);
    expect(await stop(running)).toBe(0);
  });

  test.for([["--port", "many"], ["--port", "70000"], ["--folder", ""], ["--colour"]])(
    "%j is refused",
    async (words) => {
      const running = run(...words);

      expect(await running.exit).toBe(2);
      expect(running.said.err).toContain("input.invalid");
    },
  );
});
