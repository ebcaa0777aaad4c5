// The states that were found, in typed arrays: four numbers say what a state is, two how it was first reached. The index of
// a state is the order of finding, so going through them is breadth first.

/** What a composed state is made of: numbers of interned parts. */
export interface Composed {
  readonly a: number;
  readonly b: number;
  readonly relay: number;
  /** Channel and moment in one. */
  readonly around: number;
}

/** All states found so far. */
export interface StateTable {
  readonly size: number;
  at(index: number): Composed;
  depthOf(index: number): number;
  /** How it was first reached: from which state, by which move. */
  origin(index: number): { readonly from: number; readonly move: number };
  /** The index of the state; a new one is remembered with its origin. */
  add(state: Composed, from: number, move: number): number;
}

const fields = 6;

/** An empty table. */
export function createStateTable(): StateTable {
  let size = 0;
  let rows = new Int32Array(fields * 1024);
  let depths = new Uint16Array(1024);
  let slots = new Int32Array(4096);

  const place = ({ a, b, relay, around }: Composed): number => {
    const mask = slots.length - 1;
    let slot = mixed(a, b, relay, around) & mask;
    for (;;) {
      const index = (slots[slot] ?? 0) - 1;
      if (index < 0) return slot;
      const row = index * fields;
      if (rows[row] === a && rows[row + 1] === b && rows[row + 2] === relay && rows[row + 3] === around) return slot;
      slot = (slot + 1) & mask;
    }
  };
  const grow = () => {
    const wider = new Int32Array(rows.length * 2);
    wider.set(rows);
    rows = wider;
    const deeper = new Uint16Array(depths.length * 2);
    deeper.set(depths);
    depths = deeper;
  };
  const at = (index: number): Composed => {
    const row = index * fields;
    return { a: rows[row] ?? 0, b: rows[row + 1] ?? 0, relay: rows[row + 2] ?? 0, around: rows[row + 3] ?? 0 };
  };
  const rehash = () => {
    slots = new Int32Array(slots.length * 2);
    for (let index = 0; index < size; index += 1) slots[place(at(index))] = index + 1;
  };

  return {
    get size() {
      return size;
    },
    at,
    depthOf: (index) => depths[index] ?? 0,
    origin: (index) => ({ from: rows[index * fields + 4] ?? -1, move: rows[index * fields + 5] ?? -1 }),
    add(state, from, move) {
      const slot = place(state);
      const known = (slots[slot] ?? 0) - 1;
      if (known >= 0) return known;
      if ((size + 1) * fields > rows.length) grow();
      const { a, b, relay, around } = state;
      rows.set([a, b, relay, around, from, move], size * fields);
      depths[size] = from < 0 ? 0 : (depths[from] ?? 0) + 1;
      size += 1;
      slots[slot] = size;
      if (size * 2 > slots.length) rehash();
      return size - 1;
    },
  };
}

function mixed(a: number, b: number, relay: number, around: number): number {
  let mix =
    Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(relay, 0xc2b2ae35) ^ Math.imul(around, 0x27d4eb2f);
  mix = Math.imul(mix ^ (mix >>> 15), 0x2c1b3c6d);
  return (mix ^ (mix >>> 13)) >>> 0;
}
