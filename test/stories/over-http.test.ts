// The whole story of two people and a relay, told over HTTP: it comes to what it comes to in one process.
import { createWorld } from "rapport/testkit";
import { expect, test } from "vitest";
import { createStage, emptySnapshot, relayName, type StageOptions } from "./crash-stage.ts";
import { paths, type Step } from "./crash-story.ts";
import { httpWire } from "./http-wire.ts";
import { unkeyed, viewsOf } from "./story-views.ts";

/** Tells one path of the story; with `reopen` everybody ends and starts again after every command. */
async function told(steps: readonly Step[], options: StageOptions & { readonly reopen?: boolean }): Promise<string> {
  await using stage = await createStage(await emptySnapshot(), 1, options);
  const people = new Set<string>();
  for (const [index, { who, find, run }] of steps.entries()) {
    people.add(who);
    const found = (await find?.(stage)) ?? "";
    await run(await stage.engine(who), found, `command-${index}`);
    if (options.reopen !== true) continue;
    for (const name of [...people, relayName]) await stage.close(name);
    await stage.restart(relayName);
  }
  const views = [];
  for (const name of people) views.push(await viewsOf(stage, name));
  expect(stage.nonces.repeats).toEqual([]);
  expect(stage.warnings).toEqual([]);
  return unkeyed(views);
}

test.for(Object.entries(paths))("%s", async ([, steps]) => {
  const inOneProcess = await told(steps, {});

  expect(await told(steps, { wire: httpWire })).toBe(inOneProcess);
});

test("everybody, the server too, may end and start again after every command", async () => {
  const [[, steps] = ["", []]] = Object.entries(paths).toSorted(([, one], [, other]) => other.length - one.length);
  const inOneProcess = await told(steps, {});

  expect(await told(steps, { wire: httpWire, reopen: true })).toBe(inOneProcess);
});

test("a world may lie on a wire, with messages and pages that travel", async () => {
  await using world = await createWorld({ seed: 7, wire: httpWire });
  const [library, reader] = [await world.person("library"), await world.person("reader")];
  const content = { "@type": "ArbitraryRelationshipTemplateContent", value: 1 };
  const template = await library.account.templates.create({ content, expiresAt: "2030-02-01T00:00:00.000Z" });
  await reader.account.templates.load({ reference: template.reference.url });
  const { id } = await reader.account.relationships.create({ templateId: template.id });
  await library.account.sync();
  await library.account.relationships.accept(id);
  await reader.account.sync();
  const recipients = [library.account.address];
  for (let count = 0; count < 20; count += 1) {
    await reader.account.messages.send({ recipients, content: { "@type": "ArbitraryMessageContent", value: count } });
  }

  const { messages } = await library.account.sync();

  expect(messages).toHaveLength(20);
  expect(world.warnings).toEqual([]);
});
