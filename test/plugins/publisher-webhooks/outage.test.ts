// A receiver that is away, broken and slow for more than an hour of hand-moved time, and an engine that loses nothing.
import { webhooksPublisher } from "rapport/plugins/publisher-webhooks";
import { expect, test } from "vitest";
import { arbitrary, couple, startMs, structured, yes } from "../../services/scenes.ts";
import { until } from "../publishing.ts";
import { type Behaviour, createReceiver, isSigned, type Received, secretOf } from "./receiver.ts";

const minuteMs = 60_000;
const secret = secretOf(7);

test("everything arrives, in order per entity, once per id, and signed", async () => {
  let minutes = () => 0;
  const seen = new Set<Behaviour>();
  const behave = (): Behaviour => {
    const behaviour = behaviourAt(minutes());
    seen.add(behaviour);
    return behaviour;
  };
  await using receiver = await createReceiver(behave);
  const plugin = webhooksPublisher({
    targets: { one: { url: `${receiver.url}/{{trigger}}`, signingSecrets: [secret] } },
    webhooks: [{ triggers: ["consumption.*", "transport.**"], target: "one" }],
    timeoutMs: 150,
  });
  await using two = await couple({ initiator: { plugins: [plugin] } });
  const { initiator, templator, world } = two;
  minutes = () => (world.clock.now() - startMs) / minuteMs;
  const told: { readonly trigger: string; readonly data: unknown }[] = [];
  initiator.account.events.on("*", ({ namespace, data }) => {
    told.push({ trigger: namespace, data: JSON.parse(JSON.stringify(data)) });
  });

  for (const content of [structured(), arbitrary, arbitrary, arbitrary]) {
    const { reference } = await templator.account.templates.create({ content, expiresAt: "2031-01-01T00:00:00.000Z" });
    await initiator.account.templates.load({ reference: reference.truncated });
  }
  for (const request of await initiator.account.requests.incoming.find())
    await initiator.account.requests.incoming.accept(request.id, yes);
  await until(() => taken(receiver.received, minutes()).length >= told.length && seen.has(204));

  const calls = [...new Map(receiver.received.map((call) => [call.headers["webhook-id"], call])).values()];
  expect(seen).toEqual(new Set<Behaviour>(["gone", 500, "silent", 204]));
  expect(calls.length).toBe(told.length);
  expect(told.length).toBeGreaterThan(12);
  expect(calls.map(({ json }) => json.trigger).toSorted()).toEqual(told.map(({ trigger }) => trigger).toSorted());
  for (const entity of new Set(told.map(entityOf)))
    expect(
      calls
        .map(({ json }) => json)
        .filter((json) => entityOf(json) === entity)
        .map(({ trigger }) => trigger),
    ).toEqual(told.filter((one) => entityOf(one) === entity).map(({ trigger }) => trigger));
  expect(receiver.received.every((call) => isSigned(call, secret))).toBe(true);
  expect(receiver.received.every(({ path, json }) => path === `/${json.trigger}`)).toBe(true);
  expect(await initiator.account.deadLetters.list()).toEqual([]);
});

/** Away for an hour, then broken, then slow, then well. */
function behaviourAt(minutes: number): Behaviour {
  if (minutes < 60) return "gone";
  if (minutes < 90) return 500;
  return minutes < 120 ? "silent" : 204;
}

/** The ids that were told when the receiver was well. */
function taken(received: readonly Received[], minutes: number): readonly unknown[] {
  return minutes < 120 ? [] : [...new Set(received.map(({ headers }) => headers["webhook-id"]))];
}

/** What an event is about. */
function entityOf({ data }: { readonly data: unknown }): string {
  const about = data as { readonly id?: string; readonly request?: { id: string }; readonly template?: { id: string } };
  return about.request?.id ?? about.template?.id ?? about.id ?? "none";
}
