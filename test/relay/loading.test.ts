import { expect, test } from "vitest";
import { answerCharactersMax, loadedAtOnceMax } from "../../src/limits.ts";
import { loadAll } from "../../src/relay/loading.ts";

const keys = Array.from({ length: 5 * loadedAtOnceMax }, (_, at) => at);
const long = "x".repeat(answerCharactersMax / loadedAtOnceMax);

test("what fits into an answer is loaded in order, without what is not there", async () => {
  const loaded = await loadAll(keys, async (key) => (key % 2 === 0 ? { key, text: "short" } : undefined), texts);

  expect(loaded.ok && loaded.value.map(({ key }) => key)).toEqual(keys.filter((key) => key % 2 === 0));
});

test("what just fits is no refusal", async () => {
  const some = keys.slice(0, loadedAtOnceMax);

  expect(await loadAll(some, async (key) => ({ key, text: long }), texts)).toMatchObject({ ok: true });
});

test("more than an answer may hold is refused, and the rest is not loaded any more", async () => {
  let most = 0;
  const load = async (key: number) => {
    most = key;
    return { key, text: `${long}x` };
  };

  const loaded = await loadAll(keys, load, texts);

  expect(loaded).toMatchObject({ refusal: { code: "error.platform.validation.pagination.invalidPageSize" } });
  expect(most).toBe(loadedAtOnceMax - 1);
});

function texts({ text }: { readonly text: string }): readonly string[] {
  return [text];
}
