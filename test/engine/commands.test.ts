// Commands that are repeated under one commandId (design.md 7).
import type { Account } from "rapport";
import { type Call, type Plugin, Rule, type RulePort } from "rapport/core";
import { type CrashPoint, createCrashPoints, type Person, type PersonOptions, unreliable } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import {
  active,
  arbitrary,
  couple,
  differences,
  everything,
  listen,
  loadRequest,
  onDay,
  only,
  pending,
  yes,
} from "../services/scenes.ts";
import { attributeCases } from "./attribute-command-cases.ts";
import { type Case, cases, id, overtaken } from "./command-cases.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** A way to the relay that is closed while `down.for` names the operation. */
function breakable() {
  const down: { for?: string; when: "before" | "after" | "unsent" } = { when: "after" };
  const options: PersonOptions = {
    transport: (transport) =>
      unreliable(transport, (call: Call) => (call.operation === down.for ? down.when : undefined)),
  };
  return { down, options };
}

/** An engine whose calls to its store and its relay can go wrong, and what starts it again in good health. */
function mortal() {
  const points = createCrashPoints();
  const options: PersonOptions = { store: points.store, transport: points.transport };
  const healthy: PersonOptions = { store: (store) => store, transport: (transport) => transport };
  return { points, options, healthy };
}

/** Gives the command, lets it go wrong at the point, and repeats it; how many calls it makes, and what is there in the end. */
async function interrupted({ arrange }: Case, point?: CrashPoint) {
  const { points, options, healthy } = mortal();
  const { two, run } = await arrange(options);
  points.watch(point);
  await run(two.initiator.account).catch(() => undefined);
  const { calls, hasStruck } = points;
  points.heal();
  if (points.isDead) await two.initiator.restart(healthy);
  await run(two.initiator.account);
  await two.templator.account.sync();
  await two.initiator.account.sync();
  return { calls, hasStruck, there: census(two.world.relayDisk, two.initiator.disk, two.templator.disk) };
}

/** How many documents of each kind are on the disks. */
function census(...disks: readonly Person["disk"][]): readonly string[] {
  return disks.map((disk) => {
    const kinds = [...disk.documents()].map(([key]) => key.split("/")[1]);
    return kinds.sort().join(" ");
  });
}

describe.for(Object.entries({ ...cases, ...attributeCases }))("%s", ([, command]) => {
  const { operation, isRepeatable, arrange } = command;

  test("repeated, also after a restart, it gives the same and does nothing twice", async () => {
    const { two, run } = await arrange({});
    const first = await run(two.initiator.account);
    const calls = two.world.calls.length;
    const disks = everything(two.world, two.initiator);
    const ear = listen(two.initiator.account);

    const second = await run(two.initiator.account);
    const third = await run(await two.initiator.restart());

    expect([second, third]).toEqual([first, first]);
    expect(two.world.calls.slice(calls)).toEqual([]);
    expect(ear.names()).toEqual([]);
    expect(differences(disks, everything(two.world, two.initiator))).toEqual([]);
  });

  test("at the same time with itself it happens once", async () => {
    const { two, run } = await arrange({});
    const calls = two.world.calls.length;

    const [first, second] = await Promise.all([run(two.initiator.account), run(two.initiator.account)]);

    expect(second).toEqual(first);
    const names = two.world.calls.slice(calls).map((call) => call.operation);
    expect(names.filter((name) => name === operation)).toHaveLength(operation === undefined ? 0 : 1);
  });

  test.for([
    ["its process dies", "kill"],
    ["its store or relay fails", "fail"],
  ] as const)("when %s at any of its calls, the repetition leads to the same", async ([, how]) => {
    const { calls, there } = await interrupted(command);

    for (let at = 1; at <= calls; at += 1) {
      for (const when of ["before", "after"] as const) {
        const found = await interrupted(command, { at, when, how });

        expect({ at, when, ...found }).toMatchObject({ at, when, hasStruck: true, there });
      }
    }
  });

  if (operation === undefined) return;

  const intent = isRepeatable ? {} : { details: { intent: expect.stringMatching(/^INT/) } };

  test.for([
    ["before", "repeated"],
    ["before", "repeated by a new process"],
    ["after", "repeated"],
    ["after", "repeated by a new process"],
  ] as const)("after no answer came (%s the relay heard it) and %s, it is finished", async ([when, repetition]) => {
    const { down, options } = breakable();
    const { two, run } = await arrange(options);
    Object.assign(down, { for: operation, when });
    await expect(run(two.initiator.account)).rejects.toMatchObject({ code: "relay.unreachable", ...intent });
    if (repetition === "repeated by a new process") await two.initiator.restart();
    Object.assign(down, { for: undefined });

    const repeated = await run(two.initiator.account);
    const again = await run(two.initiator.account);
    await two.templator.account.sync();

    expect(again).toEqual(repeated);
    expect(await two.initiator.account.intents.list()).toEqual([]);
  });
});

test("the same id for something else is refused", async () => {
  const two = await couple();
  const { templates } = two.initiator.account;
  await templates.create({ content: arbitrary, expiresAt: onDay(9) }, id);

  await expect(templates.create({ content: arbitrary, expiresAt: onDay(8) }, id)).rejects.toMatchObject({
    code: "command.idReused",
  });
  expect(await templates.find()).toHaveLength(1);
});

test.for<[string, (account: Account, of: string) => Promise<unknown>]>([
  ["templates.create", ({ templates }) => templates.create({ content: arbitrary, expiresAt: onDay(9) }, id)],
  ["templates.load", ({ templates }, of) => templates.load({ reference: of }, id)],
  ["requests.incoming.deliver", ({ requests }, of) => requests.incoming.deliver(of, id)],
  ["requests.incoming.delete", ({ requests }, of) => requests.incoming.delete(of, id)],
  ["requests.outgoing.discard", ({ requests }, of) => requests.outgoing.discard(of, id)],
])("%s under the id of templates.delete is refused, and so is deleting another", async ([, command]) => {
  const two = await couple();
  const { account } = two.initiator;
  const own = await account.templates.create({ content: arbitrary, expiresAt: onDay(9) });
  const other = await account.templates.create({ content: arbitrary, expiresAt: onDay(9) });
  await account.templates.delete(own.id, id);

  await expect(command(account, own.id)).rejects.toMatchObject({ code: "command.idReused" });
  await expect(account.templates.delete(other.id, id)).rejects.toMatchObject({ code: "command.idReused" });
  expect(only(await account.templates.find()).id).toBe(other.id);
});

test("results are kept for seven days, and then forgotten", async () => {
  const two = await couple();
  const { templates } = two.initiator.account;
  const create = () => templates.create({ content: arbitrary, expiresAt: onDay(20) }, id);
  const first = await create();

  two.world.clock.advance(7 * dayMs - 1000);
  expect((await create()).id).toBe(first.id);
  two.world.clock.advance(1001);
  const second = await create();

  expect(second.id).not.toBe(first.id);
  expect((await create()).id).toBe(second.id);
  await two.initiator.account.tick();
  expect((await create()).id).toBe(second.id);
});

test("a decision under an id of more than seven days ago waits for nobody", async () => {
  const two = await couple({ expiresAt: onDay(20) });
  const { templates, requests } = two.initiator.account;
  await templates.create({ content: arbitrary, expiresAt: onDay(20) }, id);
  const request = await loadRequest(two.initiator.account, two.template);
  two.world.clock.advance(7 * dayMs + 1);

  expect(await requests.incoming.accept(request.id, yes, id)).toMatchObject({ status: "Completed" });
});

test("a refused command is not remembered: its id can be tried again", async () => {
  const two = await pending();
  const { relationships } = two.initiator.account;
  await expect(relationships.terminate(two.id, id)).rejects.toMatchObject({ name: "RapportError" });
  await two.templator.account.relationships.accept(two.id);
  await two.initiator.account.sync();

  expect(await relationships.terminate(two.id, id)).toMatchObject({ status: "Terminated" });
});

test("a delivery that the relay refuses is not remembered either", async () => {
  const { request, ...two } = await overtaken({}, "reject");
  const { account } = two.initiator;
  await two.templator.account.templates.delete(two.template.id);
  const deliver = () => account.requests.incoming.deliver(request.id, id);

  await expect(deliver()).rejects.toMatchObject({ code: "error.platform.recordNotFound" });
  await expect(deliver()).rejects.toMatchObject({ code: "error.platform.recordNotFound" });

  expect(await account.intents.list()).toEqual([]);
  expect([...two.initiator.disk.documents().keys()].filter((key) => key.includes("/commands/"))).toEqual([]);
});

test("a loaded template is presented as it is now, with its key, until it is deleted", async () => {
  const two = await couple();
  const { templates } = two.initiator.account;
  const load = () => templates.load({ reference: two.template.reference.url }, id);
  const first = await load();
  await two.templator.account.templates.delete(two.template.id);

  expect(await load()).toEqual(first);
  expect(first.secretKey).toBe(two.template.secretKey);
  await templates.delete(first.id);
  await expect(load()).rejects.toMatchObject({ code: "error.runtime.recordNotFound" });
});

test("what a load brought is judged by its repetition when the store failed before the rules were asked", async () => {
  const rule: RulePort = { name: "yes", judgeRequest: () => ({ verdict: "accept", items: yes.items }) };
  const plugins: Plugin[] = [{ name: "yes", register: ({ contribute }) => contribute(Rule, () => rule) }];
  const statuses = new Set<string>();

  for (let at = 1; at <= 12; at += 1) {
    const { points, options } = mortal();
    const two = await couple({ initiator: { ...options, plugins } });
    const load = () => two.initiator.account.templates.load({ reference: two.template.reference.truncated }, id);
    points.watch({ at, when: "before", how: "fail" });
    await load().catch(() => undefined);
    points.heal();
    await load();
    statuses.add(only(await two.initiator.account.requests.incoming.find()).status);
  }

  expect(statuses).not.toContain("DecisionRequired");
  expect(statuses).toContain("Completed");
});

test("what is stored holds no key and no password", async () => {
  const two = await couple();
  const { templates, tokens } = two.initiator.account;
  const passwordProtection = { password: "correct horse" };
  const template = await templates.create({ content: arbitrary, expiresAt: onDay(9), passwordProtection }, id);
  const token = await tokens.createForTemplate(
    { templateId: template.id, ephemeral: false, passwordProtection },
    { commandId: "another" },
  );
  const theirs = await two.templator.account.templates.create({
    content: arbitrary,
    expiresAt: onDay(9),
    passwordProtection,
  });
  const { truncated, url } = theirs.reference;
  await templates.load({ reference: truncated, password: "correct horse" }, { commandId: "one more" });

  const stored = [...two.initiator.disk.documents()].filter(([key]) => key.includes("/commands/"));

  expect(stored).toHaveLength(3);
  const text = JSON.stringify(stored);
  const secrets = [template.secretKey, theirs.secretKey, template.reference.truncated, token.reference.truncated];
  for (const secret of [...secrets, truncated, url, "correct horse"]) {
    expect(text).not.toContain(secret);
  }
});

test("a command for one's only Relationship is repeated by its own name", async () => {
  const two = await active();
  const { relationships } = two.initiator.account;
  await relationships.terminate(two.id, id);

  await expect(relationships.requestReactivation(two.id, id)).rejects.toMatchObject({ code: "command.idReused" });
  expect(only(await relationships.find()).auditLog).toHaveLength(3);
});
