/** Loading the objects of a list, no more of them than one answer may hold. */
import { type Outcome, refuse } from "../errors/refusal.ts";
import { answerCharactersMax, loadedAtOnceMax } from "../limits.ts";

/** Loads what the keys stand for, some at a time, and stops with a refusal when it is too much for one answer. */
export async function loadAll<K, T>(
  keys: readonly K[],
  load: (key: K) => Promise<T | undefined>,
  textsOf: (item: T) => readonly (string | null)[],
): Promise<Outcome<readonly T[]>> {
  const loaded: T[] = [];
  let characters = 0;
  for (let at = 0; at < keys.length; at += loadedAtOnceMax) {
    const some = await Promise.all(keys.slice(at, at + loadedAtOnceMax).map(load));
    for (const item of some) {
      if (item === undefined) continue;
      for (const text of textsOf(item)) characters += text?.length ?? 0;
      loaded.push(item);
    }
    if (characters > answerCharactersMax) return tooMuch;
  }
  return { ok: true, value: loaded };
}

const tooMuch = refuse(
  "error.platform.validation.pagination.invalidPageSize",
  "These objects hold more than one answer may. Ask for smaller pages (PageSize) or for fewer ids.",
);
