import fc from "fast-check";
import { type CrashPoint, PlannedCrash } from "rapport/testkit";
import { beforeAll, expect, test } from "vitest";
import { count } from "../proof/figures.ts";
import { createStage, emptySnapshot, type Snapshot, type Stage } from "./crash-stage.ts";
import { accountOf, library } from "./crash-story.ts";
import { ending } from "./crash-sweep.ts";

const people = [library, "ada", "ben", "cleo", "dora"];
const expiresAt = "2031-01-01T00:00:00.000Z";
const content = {
  "@type": "RelationshipTemplateContent",
  onNewRelationship: {
    "@type": "Request",
    items: [{ "@type": "ConsentRequestItem", consent: "We may write to you.", mustBeAccepted: true }],
  },
};

let news: Snapshot;
let undisturbed: string[];

beforeAll(async () => {
  await using stage = await createStage(await emptySnapshot(), 1);
  await tellNews(stage);
  news = stage.snapshot();
  await using calm = await createStage(news, 2);
  undisturbed = await ending(calm, { people });
});

// Ada asks for a card, Ben writes three times, Cleo accepts the library's creation, Dora ends hers and asks to revive it.
async function tellNews(stage: Stage) {
  for (const name of people) await (await stage.engine(name)).accounts.create({ name });
  const owner = await accountOf(stage, library);
  const template = await owner.templates.create({ content, expiresAt });
  const apply = async (name: string) => {
    const account = await accountOf(stage, name);
    const { id } = await account.templates.load({ reference: template.reference.url });
    const [request] = await account.requests.incoming.find({ "source.reference": id });
    await account.requests.incoming.accept(request?.id ?? "", { items: [{ accept: true }] });
  };
  for (const name of ["ben", "dora"]) await apply(name);
  const free = { "@type": "ArbitraryRelationshipTemplateContent", value: {} };
  const cleo = await accountOf(stage, "cleo");
  const hers = await cleo.templates.create({ content: free, expiresAt });
  const { id: templateId } = await owner.templates.load({ reference: hers.reference.url });
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: {} };
  await owner.relationships.create({ templateId, creationContent });
  await owner.sync();
  for (const { id, peer } of await owner.relationships.find()) {
    if (peer !== cleo.address) await owner.relationships.accept(id);
  }
  for (const name of people) await (await accountOf(stage, name)).sync();

  await apply("ada");
  const ben = await accountOf(stage, "ben");
  for (const value of ["one", "two", "three"]) {
    await ben.messages.send({ recipients: [owner.address], content: { "@type": "ArbitraryMessageContent", value } });
  }
  const [pending] = await cleo.relationships.find();
  await cleo.relationships.accept(pending?.id ?? "");
  const dora = await accountOf(stage, "dora");
  const [hold] = await dora.relationships.find();
  await dora.relationships.terminate(hold?.id ?? "");
  await dora.relationships.requestReactivation(hold?.id ?? "");
}

type Crash = Omit<CrashPoint, "how"> & { readonly expires: boolean };

// Each crash may leave the relay's run open, or be followed by so long a pause that it expires.
async function syncWith(stage: Stage, crashes: readonly Crash[]): Promise<number> {
  let struck = 0;
  for (const { at, when, expires } of crashes) {
    const account = await accountOf(stage, library);
    const points = stage.points(library);
    points.watch({ at, when, how: "kill" });
    const problem = await account.sync().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (problem !== undefined && !(problem instanceof PlannedCrash)) throw problem;
    points.heal();
    if (points.isDead) await stage.restart(library);
    if (points.hasStruck) {
      struck += 1;
      count("crashPoints");
    }
    if (expires) stage.clock.advance(61_000);
  }
  return struck;
}

const undisturbedCalls = 60;
const crash = (most: number) =>
  fc.record({ at: fc.integer({ min: 1, max: most }), when: fc.constantFrom("before", "after"), expires: fc.boolean() });

test("five crashes inside one sync lose nothing and bring nothing twice, whether or not its run expires", async () => {
  let seed = 100;
  const mostStruck: number[] = [];
  const property = fc.asyncProperty(
    fc.array(crash(undisturbedCalls), { minLength: 5, maxLength: 5 }),
    async (crashes) => {
      await using stage = await createStage(news, seed++);
      mostStruck.push(await syncWith(stage, crashes));

      expect(await ending(stage, { people })).toEqual(undisturbed);
      expect(stage.nonces.repeats).toEqual([]);
    },
  );
  const step = (at: number, expires: boolean): Crash => ({ at, when: "after", expires });
  await fc.assert(property, {
    numRuns: 60,
    examples: [
      [[12, 14, 16, 18, 20].map((at) => step(at, false))],
      [[12, 14, 16, 18, 20].map((at) => step(at, true))],
      [[9, 9, 9, 9, 9].map((at) => step(at, true))],
    ],
  });

  expect(Math.max(...mostStruck)).toBe(5);
  expect(mostStruck.slice(0, 2)).toEqual([5, 5]);
}, 300_000);
