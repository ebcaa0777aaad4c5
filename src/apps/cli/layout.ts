// Lines on a terminal: wrapped, ruled, in columns, and coloured only where that was asked for.

/** Emphasis; without colour it gives texts back as they are. */
export interface Paint {
  strong(text: string): string;
  faint(text: string): string;
}

/** Makes the emphasis of one terminal. */
export function createPaint(colour: boolean): Paint {
  const wear = (on: number, off: number) => (text: string) => (colour ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  return { strong: wear(1, 22), faint: wear(2, 22) };
}

/** Breaks a text between words into lines that fit, all indented alike. A longer word is broken where it must be. */
export function wrap(text: string, { width, indent = 0 }: { width: number; indent?: number }): readonly string[] {
  const room = Math.max(10, width - indent);
  const lines: string[] = [];
  let line = "";
  for (const word of printable(text)
    .split(" ")
    .flatMap((one) => pieces(one, room))) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${" ".repeat(indent)}${one}`.trimEnd());
}

/** A heading with a line behind it. */
export function rule(title: string, width: number): string {
  return `${title} ${"-".repeat(Math.max(3, width - title.length - 1))}`;
}

const gap = 2;

/** Rows as lines, with columns as wide as their longest cell. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const count = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows.map((row) =>
    widths
      .map((size, at) => (row[at] ?? "").padEnd(size + gap))
      .join("")
      .trimEnd(),
  );
}

/** The beginning of a text, on one line, with dots if there is more. */
export function excerpt(text: string, max: number): string {
  const line = printable(text);
  return line.length <= max ? line : `${line.slice(0, max - 3)}...`;
}

/** The text on one line. Content comes from files and peers: it must not move the cursor or paint the screen. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").replaceAll(/\p{Cf}/gu, "");
}

function pieces(word: string, room: number): readonly string[] {
  const cut: string[] = [];
  for (let at = 0; at < word.length; at += room) cut.push(word.slice(at, at + room));
  return cut.length === 0 ? [""] : cut;
}
