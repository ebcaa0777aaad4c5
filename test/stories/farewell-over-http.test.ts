// What else an account does with its relay, and how it leaves, over HTTP as in one process.
import { createWorld, type WorldOptions } from "rapport/testkit";
import { expect, test } from "vitest";
import { arbitrary, greeting, onDay } from "../services/scenes.ts";
import { httpWire } from "./http-wire.ts";

async function told(options: WorldOptions): Promise<readonly unknown[]> {
  await using world = await createWorld({ seed: 11, ...options });
  const [library, reader] = [await world.person("library"), await world.person("reader")];
  const peer = reader.account.address;
  const seen: unknown[] = [];
  const say = (what: unknown) => seen.push(what);

  const token = await library.account.tokens.create({
    content: { shelf: [7, "Ä"] },
    expiresAt: onDay(3),
    passwordProtection: { password: "open" },
  });
  const shown = await reader.account.tokens.load({ reference: token.reference.url, password: "open" });
  say({ ...shown, reference: undefined, truncatedReference: undefined });

  const template = await library.account.templates.create({ content: arbitrary, expiresAt: onDay(3) });
  await reader.account.templates.load({ reference: template.reference.url });
  const { id } = await reader.account.relationships.create({ templateId: template.id, creationContent: greeting });
  await library.account.sync();
  await library.account.relationships.accept(id);
  await reader.account.sync();
  for (const challengeType of ["Identity", "Relationship"] as const) {
    const challenge = await reader.account.challenges.create({ challengeType, relationship: id });
    say(await library.account.challenges.validate(challenge));
  }

  const texts = { en: { title: "Closed", body: "Tomorrow" } };
  await world.relay.admin.announcements.create({ severity: "Medium", texts });
  say(await reader.account.announcements.list({ language: "en" }));
  await world.relay.admin.notificationCodes.set(["Due"]);
  await library.account.backboneNotifications.send({ recipients: [peer], code: "Due" });
  say(await reader.account.tagCollection());
  world.clock.advance(10 * 60 * 1000);
  say(await reader.account.tagCollection());

  say(await reader.account.deletion.start({ lengthOfGracePeriodInDays: 1 }));
  say(await reader.account.sync().catch(({ code }: { code: string }) => code));
  say((await library.account.sync()).relationships);
  say(await reader.account.deletion.cancel());
  await library.account.sync();
  say(await library.account.relationships.get(id));

  await reader.account.deletion.start({ lengthOfGracePeriodInDays: 0.5 });
  world.clock.advance(12 * 60 * 60 * 1000);
  say(await reader.account.sync().catch(({ code }: { code: string }) => code));
  await world.relay.admin.runDueTimers();
  await library.account.sync();
  say(await library.account.relationships.get(id));
  await reader.accounts.erase("reader");
  say([...reader.disk.documents().keys()]);
  expect(world.warnings).toEqual([]);
  // Logging in over HTTP draws from the same entropy, so that ids are others.
  return JSON.parse(JSON.stringify(seen).replace(/\b([A-Z]{3})[A-Za-z0-9]{17}\b/g, "$1"));
}

test("it comes to the same", async () => {
  const inOneProcess = await told({});

  expect(inOneProcess).toContain("account.toBeDeleted");
  expect(inOneProcess).toContain("account.deleted");
  expect(inOneProcess.at(-1)).toEqual(["engine/proofs/store-key"]);
  expect(await told({ wire: httpWire })).toEqual(inOneProcess);
});
