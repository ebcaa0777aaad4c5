// Bad input, last: whatever is handed to whatever method is refused with a code of the catalogue, and changes nothing.
import fc, { type Arbitrary } from "fast-check";
import { type Account, createRapport } from "rapport";
import { isCode, type Json, RapportError } from "rapport/core";
import { createMemoryDisk, memoryStorage } from "rapport/plugins/storage-memory";
import { arbitraryJson } from "rapport/testkit";
import { expect, test } from "vitest";
import { count } from "../proof/figures.ts";
import { active, ask, differences, everything, loadRequest, onDay, structured } from "../services/scenes.ts";
import { type Known, methods, wrapper } from "./bad-input-methods.ts";

const circular: { self?: unknown } = {};
circular.self = circular;

/** What JSON cannot carry, or what is easily mistaken for something else. */
const oddities: readonly unknown[] = [
  undefined,
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  1.5,
  10n,
  Symbol("odd"),
  () => 0,
  new Date(0),
  new Map([["id", 1]]),
  circular,
  [],
  {},
  "",
  "\ud800",
  "\0",
  "..",
  "a/b",
  "__proto__",
  "constructor",
  "9999-12-31T23:59:59-23:00",
  "a".repeat(20_000),
  { toString: () => "REL" },
  JSON.parse('{"__proto__":{"id":"REL"}}'),
];
const odd: Arbitrary<unknown> = fc.oneof(fc.constantFrom(...oddities), arbitraryJson, fc.string({ unit: "binary" }));

type Step = string | number;

/** Every place inside a value, itself included. */
function placesIn(value: unknown, path: readonly Step[] = []): (readonly Step[])[] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [path, ...inner.flatMap(([member, child]) => placesIn(child, [...path, member]))];
}

function replaced(value: unknown, [step, ...rest]: readonly Step[], by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((child, at) => (String(at) === step ? replaced(child, rest, by) : child));
  const object = value as { readonly [member: string]: unknown };
  return { ...object, [step]: replaced(object[step], rest, by) };
}

/** Arguments that are right but for one place, or wrong altogether. */
const spoiled = (right: readonly unknown[]): Arbitrary<unknown[]> =>
  fc.oneof(
    fc
      .tuple(fc.constantFrom(...placesIn(right).slice(1)), odd)
      .map(([place, by]) => replaced(right, place, by) as unknown[]),
    fc.array(odd, { maxLength: right.length + 1 }),
  );

type Method = (...given: readonly unknown[]) => unknown;

function methodOf(account: Account, name: string): Method {
  const steps = name.split(".");
  return steps.reduce<unknown>((part, step) => (part as { [step: string]: unknown })[step], account) as Method;
}

/** The methods that an account really has, by their names. */
function namesIn(part: object, path = ""): string[] {
  return Object.entries(part).flatMap(([name, inner]) => {
    if (typeof inner === "function") return inner.length > 0 || path !== "" ? [`${path}${name}`] : [];
    return typeof inner === "object" && inner !== null ? namesIn(inner, `${path}${name}.`) : [];
  });
}

/** Runs it; whatever it throws must be one of our errors, and then nothing was written. */
async function expectCode(work: () => unknown, disks: () => ReadonlyMap<string, string>): Promise<void> {
  const before = disks();
  count("badInputs");
  try {
    await looked(await work());
  } catch (problem) {
    if (!(problem instanceof RapportError)) throw problem;
    expect(problem).toMatchObject({ code: expect.toSatisfy((code: string) => isCode(code)) });
    expect(problem.code).not.toBe("error.runtime.unknown");
    expect(differences(before, disks())).toEqual([]);
  }
}

/** What comes one by one refuses when somebody begins to read. */
async function looked(result: unknown): Promise<void> {
  if (typeof result !== "object" || result === null || !(Symbol.asyncIterator in result)) return;
  for await (const _ of result as AsyncIterable<unknown>) return;
}

const content = structured({ onExistingRelationship: ask({ expiresAt: onDay(9) }) });

test("the list of methods is complete", async () => {
  await using two = await active({ content });

  const takesNothing = ["intents.list", "intents.resume", "deadLetters.list", "deletion.active", "deletion.list"];
  expect(namesIn(two.initiator.account).sort()).toEqual([...Object.keys(methods), ...takesNothing].sort());
});

test.for(Object.entries(methods))("%s", async ([name, right]) => {
  await using two = await active({ content });
  const { world, templator, initiator } = two;
  const { account } = name.startsWith("requests.incoming") || name.endsWith("load") ? initiator : templator;
  const peer = account === initiator.account ? templator : initiator;
  const request = await loadRequest(initiator.account, two.template);
  const attribute = await account.attributes.create({ content: { value: { "@type": "GivenName", value: "Ann" } } });
  const file = await account.files.upload({ content: new Uint8Array([1, 2]), filename: "f", mimetype: "text/plain" });
  const token = await account.tokens.create({ content: { b: 2 }, expiresAt: onDay(3), ephemeral: false });
  const known: Known = {
    attribute: attribute.id,
    file: file.id,
    token: token.id,
    tokenReference: token.reference.url,
    template: two.template.id,
    reference: two.template.reference.url,
    relationship: two.id,
    request: request.id,
    peer: peer.account.address,
  };
  // The first Message of a process compares its counters with the relay's.
  await account.messages.send({ recipients: [known.peer], content: wrapper });
  const method = methodOf(account, name);

  await fc.assert(
    fc.asyncProperty(spoiled(right(known)), (given) =>
      expectCode(
        () => method(...given),
        () => everything(world, templator, initiator),
      ),
    ),
    { numRuns: 100 },
  );
});

test.for(["create", "get"] as const)("accounts.%s", async (name) => {
  const disk = createMemoryDisk();
  await using rapport = await createRapport({ plugins: [memoryStorage({ disk })], background: false });
  const right: readonly Json[] = name === "create" ? [{ name: "acme" }] : ["acme"];
  const documents = () => new Map([...disk.documents()].map(([key, value]) => [key, JSON.stringify(value)]));
  const method = rapport.accounts[name] as Method;

  await fc.assert(
    fc.asyncProperty(spoiled(right), (given) => expectCode(() => method(...given), documents)),
    { numRuns: 200 },
  );
});
