// docs/integrate.md, run as it stands: its shell in a shell, its program with the published client.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { freshBuild } from "../../tidy/built.ts";
import { temporaryFolder } from "./told.ts";
import { start } from "./up-process.ts";

const root = new URL("../../../", import.meta.url).pathname;
const page = readFileSync(`${root}docs/integrate.md`, "utf8");
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, code]) => code ?? "");

beforeAll(freshBuild, 300_000);

/** Where nobody has met anybody. */
const begin = () => start(temporaryFolder(), "--port", "0", "--no-story");

test("the way with curl ends with an active Relationship", async () => {
  const { told } = await begin();
  const variables = told.walkThrough.lines.slice(0, told.walkThrough.lines.indexOf(""));
  const script = [...variables, ...blocks("sh")].join("\n");

  const { stdout, stderr } = await promisify(execFile)("sh", ["-c", script]);
  const lines = stdout.trim().split("\n");

  expect(stderr).toBe("");
  expect(variables.length).toBe(6);
  expect(lines).toMatchObject([
    expect.stringContaining('"address":"did:e:localhost:dids:'),
    expect.stringContaining('"isSuccess":true'),
    expect.stringContaining("P   N   G"),
    "ManualDecisionRequired",
    expect.stringContaining('"isSuccess":true'),
    "Pending",
    "mara@example.org",
    "Active",
  ]);
});

test("the way with the published client ends there, too", async () => {
  const { told } = await begin();
  const [library, mara] = told.connectors;
  const env = {
    ...process.env,
    NODE_OPTIONS: "",
    LIBRARY_URL: library.url,
    LIBRARY_API_KEY: library.apiKey,
    MARA_URL: mara.url,
    MARA_API_KEY: mara.apiKey,
  };
  const [program = ""] = blocks("js");

  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
    cwd: root,
    env,
  });

  expect(stdout.trim()).toBe("Active");
});
