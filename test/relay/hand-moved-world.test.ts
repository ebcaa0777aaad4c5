import fc from "fast-check";
import { expect, test } from "vitest";
import { createHandClock } from "../kit/hand-clock.ts";
import { createSeededEntropy } from "../kit/seeded-entropy.ts";

test("the same seed gives the same bytes, another seed others, and no block comes twice", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
      (seed, counts) => {
        const [one, same, other] = [
          createSeededEntropy(seed),
          createSeededEntropy(seed),
          createSeededEntropy(seed + 1),
        ];
        const drawn = counts.map((count) => one.bytes(count));
        expect(counts.map((count) => same.bytes(count))).toEqual(drawn);
        expect(drawn.map(({ length }) => length)).toEqual(counts);
        expect(other.bytes(32)).not.toEqual(one.bytes(32));
      },
    ),
  );
});

test("seeded bytes are spread evenly enough to make ids from", () => {
  const counts = new Array(256).fill(0);
  for (const byte of createSeededEntropy(5).bytes(256 * 1_000)) counts[byte] += 1;

  expect(Math.min(...counts)).toBeGreaterThan(850);
  expect(Math.max(...counts)).toBeLessThan(1_150);
});

test("a hand-moved clock stands still, moves when told to, and sleeps without waiting", async () => {
  const clock = createHandClock("2030-06-01T12:00:00.000Z");
  const start = clock.now();

  clock.advance(500);
  await clock.sleep(1_000);
  await clock.sleep(9_000, AbortSignal.abort());

  expect(new Date(start).toISOString()).toBe("2030-06-01T12:00:00.000Z");
  expect(clock.now() - start).toBe(1_500);
});
