/**
 * Texts of rendered objects, bounded by their letters. An object of the same version looks the same, so a list writes again
 * what an earlier one wrote.
 *
 * C1. There is no more than the bound: what was not used for half of it is forgotten.
 * C2. A text is only given for the very version that it was made from.
 */

/** The texts of one kind of object of one account in one profile. */
export interface Shelf {
  find(id: string, version: number): string | undefined;
  keep(id: string, version: number, text: string): void;
}

/** All of them. */
export interface RenderedTexts {
  shelfOf(name: string): Shelf;
}

interface Entry {
  readonly version: number;
  readonly text: string;
}

type Texts = Map<string, Entry>;

/** Makes an empty one. */
export function createRenderedTexts(charsMax: number): RenderedTexts {
  let turn = 0;
  let charsInTurn = 0;
  const shelves = new Map<string, { readonly shelf: Shelf; lastTurn(): number }>();
  // When half the bound is full, what was used since the last time becomes old, and what was old is forgotten.
  const used = (chars: number) => {
    charsInTurn += chars;
    if (charsInTurn <= charsMax / 2) return;
    turn += 1;
    charsInTurn = 0;
    for (const [name, { lastTurn }] of shelves) if (lastTurn() < turn - 1) shelves.delete(name);
  };
  return {
    shelfOf: (name) => {
      const known = shelves.get(name);
      if (known !== undefined) return known.shelf;
      const made = createShelf({ turn: () => turn, used });
      shelves.set(name, made);
      return made.shelf;
    },
  };
}

function createShelf({ turn, used }: { readonly turn: () => number; readonly used: (chars: number) => void }) {
  let young: Texts = new Map();
  let old: Texts = new Map();
  let ownTurn = turn();
  const keepUp = () => {
    if (ownTurn === turn()) return;
    old = ownTurn === turn() - 1 ? young : new Map();
    young = new Map();
    ownTurn = turn();
  };
  const put = (id: string, entry: Entry) => {
    const before = young.get(id);
    young.set(id, entry);
    used(entry.text.length - (before?.text.length ?? 0));
  };
  const shelf: Shelf = {
    find: (id, version) => {
      keepUp();
      const fresh = young.get(id);
      if (fresh !== undefined) return fresh.version === version ? fresh.text : undefined;
      const entry = old.get(id);
      if (entry?.version !== version) return undefined;
      put(id, entry);
      return entry.text;
    },
    keep: (id, version, text) => {
      keepUp();
      put(id, { version, text });
    },
  };
  return { shelf, lastTurn: () => ownTurn };
}
