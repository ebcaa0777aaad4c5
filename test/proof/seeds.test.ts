// What the simulation found once, as short as it could be made. A finding must not come back.
import { simulate, stepsIn } from "rapport/proof";
import { expect, test } from "vitest";

interface Found {
  readonly was: string;
  readonly seed: number;
  readonly steps: number;
  readonly accounts?: number;
  readonly keep?: string;
}

const found: readonly Found[] = [
  {
    was: "a relay that leaves the content of a template out is refused, and is no mistake of ours",
    seed: 2,
    steps: 60,
  },
  { was: "an event of a commit that the store said had failed is published by the next sync", seed: 33, steps: 250 },
  {
    was: "an event whose delivery failed while others were looked for is not forgotten until the next start",
    seed: 6189,
    steps: 200,
    accounts: 4,
    keep: "23,43,54,64",
  },
  {
    was: "an attribute in a Response that the relay refused does not count as shared",
    seed: 4464,
    steps: 200,
    accounts: 4,
    keep: "0,53,67,86,114-116,126,130-131,160-161,164-165,171,175-177",
  },
];

test.for<Found>(found)("$was", async ({ seed, steps, accounts, keep }) => {
  const crowd = accounts === undefined ? {} : { accounts };
  const kept = keep === undefined ? {} : { keep: stepsIn(keep) };

  const { finding } = await simulate({ seed, steps, ...crowd, ...kept, minimising: false });

  expect(finding).toBeUndefined();
});
