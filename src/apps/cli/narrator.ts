// Turns steps into lines: prose for people, or one JSON object each.
import { columns, createPaint, rule, wrap } from "./layout.ts";
import type { Sight } from "./witness.ts";

/** One thing that somebody did, and what became of it. */
export interface Told {
  readonly who: string;
  readonly title: string;
  readonly explains: string;
  /** What changed its status: a Relationship, a LocalRequest, a template. */
  readonly subject?: string;
  readonly before?: string;
  readonly after?: string;
  /** Facts worth looking at, each under a short name. */
  readonly shows?: readonly (readonly [string, string])[];
  /** What the relay could tell from it. */
  readonly relaySees: string;
}

/** A step as `--json` prints it; every member is always there. */
export interface Step {
  readonly step: number;
  readonly act: string;
  readonly who: string;
  readonly title: string;
  readonly subject: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly shows: { readonly [name: string]: string };
  readonly relay: Sight & { readonly sees: string };
}

/** A row of a table, and what is told below it. */
export interface Row {
  readonly cells: readonly string[];
  readonly below?: readonly string[];
}

/** Where the acts tell what they do. */
export interface Narrator {
  act(title: string): void;
  tell(told: Told, relay: Sight): void;
  /** Text for people only. */
  say(paragraph: string): void;
  /** Rows of a table with lines below each; the first row is the heading. */
  table(rows: readonly Row[]): void;
  result(result: object): void;
  readonly steps: readonly Step[];
}

/** How it looks. */
export interface NarratorOptions {
  readonly json: boolean;
  readonly width: number;
  readonly colour: boolean;
  readonly write: (line: string) => void;
}

const margin = 4;
const labelWidth = 13;

/** Makes one. */
export function createNarrator({ json, width, colour, write }: NarratorOptions): Narrator {
  const paint = createPaint(colour);
  const steps: Step[] = [];
  let act = "";
  const print = (line: string) => {
    if (!json) write(line);
  };
  const paragraph = (text: string, indent = 0) => wrap(text, { width, indent }).forEach(print);
  const fact = (name: string, value: string) => {
    const [first = "", ...more] = wrap(value, { width, indent: margin + labelWidth });
    print(`${" ".repeat(margin)}${paint.faint(name.padEnd(labelWidth))}${first.trimStart()}`);
    more.forEach(print);
  };

  return {
    steps,
    act: (title) => {
      act = title;
      print("");
      print(paint.strong(rule(title, width)));
    },
    tell: (told, relay) => {
      const step = stepOf(told, { step: steps.length + 1, act, relay });
      steps.push(step);
      if (json) return write(JSON.stringify(step));
      print("");
      const [first = "", ...more] = wrap(told.title, { width, indent: margin });
      print(paint.strong(`${String(step.step).padStart(2)}. ${first.trimStart()}`));
      for (const line of more) print(paint.strong(line));
      paragraph(told.explains, margin);
      const status = statusLine(step);
      if (status !== undefined) fact("status", status);
      for (const [name, value] of told.shows ?? []) fact(name, value);
      fact("relay", `${relaySize(relay)} ${told.relaySees}`.trimEnd());
    },
    say: (text) => {
      print("");
      paragraph(text);
    },
    table: (rows) => {
      print("");
      const lines = columns(rows.map(({ cells }) => cells));
      rows.forEach(({ below = [] }, index) => {
        print(index === 0 ? paint.faint(lines[index] ?? "") : (lines[index] ?? ""));
        for (const text of below) paragraph(text, margin);
      });
    },
    result: (result) => {
      if (json) write(JSON.stringify({ result }));
    },
  };
}

function stepOf(told: Told, { step, act, relay }: { step: number; act: string; relay: Sight }): Step {
  const { who, title, subject = null, before = null, after = null, shows = [], relaySees } = told;
  const sees = { ...relay, sees: relaySees };
  return { step, act, who, title, subject, before, after, shows: Object.fromEntries(shows), relay: sees };
}

function statusLine({ subject, before, after }: Step): string | undefined {
  if (after === null) return undefined;
  const change = before === after ? `${after}, as before` : `${before ?? "nothing"} -> ${after}`;
  return subject === null ? change : `${change}   (${subject})`;
}

function relaySize({ calls, bytes, ciphertexts, ciphertextBytes }: Sight): string {
  if (calls.length === 0) return "Nothing reaches it.";
  const heard = `${calls.length === 1 ? "1 call" : `${calls.length} calls`}, ${number(bytes)} bytes`;
  if (ciphertexts === 0) return `${heard}, no content.`;
  return `${heard}, of these ${number(ciphertextBytes)} encrypted.`;
}

/** A number with its thousands apart. */
export function number(value: number): string {
  return value.toLocaleString("en-US");
}
