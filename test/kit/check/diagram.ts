// A counter-example as a sequence diagram that a person can read (Mermaid).
import type { Counterexample } from "./explorer.ts";
import type { Move } from "./parts.ts";

/** The way to what is broken, from the scene's beginning. */
export function diagramOf({ sentence, path, after }: Counterexample): string {
  const fair = after.length === 0 ? [] : ["Note over A,B: From here on nothing fails.", ...after.flatMap(linesOf)];
  const lines = [...path.flatMap(linesOf), ...fair, `Note over A,B: ${spoken(sentence)}`];
  const head = ["sequenceDiagram", "  participant A", "  participant Relay", "  participant B"];
  return [...head, ...lines.map((line) => `  ${line}`)].join("\n");
}

function linesOf(move: Move): string[] {
  const { kind, side, what, crashedAfter } = move;
  if (kind === "time") return ["Note over A,B: The deadlines pass."];
  if (kind === "due") return [`Note over Relay: ${spoken(what)}${crashOf(crashedAfter)}`];
  if (kind === "deliver") return [`${side}->>Relay: ${what} arrives${crashOf(crashedAfter)}`, ...answered(move)];
  if (kind === "answer") return [`Relay-->>${side}: the answer to ${what}`, ...ended(move)];
  const begun = kind === "sync" ? `Note over ${side}: ${spoken(what)}` : `Note over ${side}: command: ${spoken(what)}`;
  const heard = move.heard.map((one) => {
    const [operation = "", said = ""] = one.split(": ");
    return `${side}->>Relay: ${operation} (${said.split(".").at(-1)})`;
  });
  return [begun, ...heard, ...ended(move)];
}

function answered({ heard, side }: Move): string[] {
  return heard.map((said) => `Relay--)${side}: ${said.split(".").at(-1)}, on its way`);
}

function ended({ side, crashedAfter }: Move): string[] {
  return crashedAfter === undefined ? [] : [`Note over ${side}: ${side} crashes after commit ${crashedAfter}.`];
}

function crashOf(crashedAfter: number | undefined): string {
  return crashedAfter === undefined ? "" : ` - the relay crashes after commit ${crashedAfter}`;
}

// Mermaid ends a message at a semicolon.
function spoken(text: string): string {
  return text.replaceAll(";", ",").replaceAll("\n", " ");
}
