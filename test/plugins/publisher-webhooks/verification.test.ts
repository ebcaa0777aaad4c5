// The pages on how to verify a call, run against a real one.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { createWebhooks } from "rapport/plugins/publisher-webhooks";
import { beforeAll, expect, test } from "vitest";
import { eventOf } from "../publishing.ts";
import { createReceiver, type Received, secretOf } from "./receiver.ts";

const page = readFileSync(new URL("../../../docs/webhooks.md", import.meta.url), "utf8");
let call: Received;

beforeAll(async () => {
  await using receiver = await createReceiver();
  const publisher = createWebhooks({
    targets: { one: { url: receiver.url, signingSecrets: [secretOf(2), secretOf(1)] } },
    webhooks: [{ triggers: ["**"], target: "one" }],
  });
  await publisher.publish({ ...eventOf("ä", 1), data: { text: "ümlaut €" } }, "one");
  const [first] = receiver.received;
  if (first === undefined) throw new Error("Nothing came.");
  call = first;
});

/** The one block of the page in that language. */
function block(language: string): string {
  const [, text = ""] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  return text;
}

async function inFolder<T>(name: string, text: string, work: (file: string, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "rapport-page-"));
  try {
    const file = join(folder, name);
    await writeFile(file, text);
    return await work(file, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("the JavaScript of the page believes a genuine call and no other", async () => {
  const { isGenuine } = await inFolder("page.mjs", block("js"), (file) => import(pathToFileURL(file).href));
  const { headers, text: body } = call;
  const asked = (more: object) => isGenuine({ headers, body, secret: secretOf(1), ...more });

  expect(asked({})).toBe(true);
  expect(asked({ secret: secretOf(2) })).toBe(true);
  expect(asked({ secret: secretOf(3) })).toBe(false);
  expect(asked({ body: `${body} ` })).toBe(false);
  expect(asked({ headers: { ...headers, "webhook-id": "other" } })).toBe(false);
  expect(asked({ headers: { ...headers, "webhook-signature": undefined } })).toBe(false);
  expect(asked({ now: Date.now() + 10 * 60_000 })).toBe(false);
});

const hasPython = await promisify(execFile)("python3", ["--version"]).then(
  () => true,
  () => false,
);

test(hasPython ? "so does the Python" : "python3 is not here: its page is not run", async () => {
  if (!hasPython) return void process.stderr.write("python3 is not here: its page is not run.\n");
  const ask = `
import json, sys
call = json.loads(sys.argv[1])
body = call["text"].encode()
ask = lambda secret, body: is_genuine(call["headers"], body, secret)
print(json.dumps([ask(s, body) for s in call["secrets"]] + [ask(call["secrets"][0], body + b" ")]))
`;
  const secrets = [secretOf(1), secretOf(2), secretOf(3)];

  const said = await inFolder("page.py", block("python") + ask, (file) =>
    promisify(execFile)("python3", [file, JSON.stringify({ ...call, secrets })]),
  );

  expect(JSON.parse(said.stdout)).toEqual([true, true, false, false]);
});
