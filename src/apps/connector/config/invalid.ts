// The fault of a configuration that is wrong.
import { RapportError } from "rapport/core";

/** A problem with its path as a text, and where it stands. */
export interface LocatedProblem {
  readonly path: string;
  readonly says: string;
  readonly place: string;
}

/** The fault with everything that is wrong. */
export function invalidConfiguration(problems: readonly LocatedProblem[]): RapportError {
  const byLine = new Map(problems.map((one) => [lineOf(one), one]));
  const lines = [...byLine.keys()];
  const message =
    lines.length === 1
      ? `The configuration is wrong: ${lines[0]}.`
      : `The configuration is wrong in ${lines.length} places:\n${lines.map((line) => `  - ${line}`).join("\n")}`;
  const details = { problems: [...byLine.values()].map(({ path, says, place }) => ({ path, says, place })) };
  return new RapportError("config.invalid", message, { details });
}

function lineOf({ path, says, place }: LocatedProblem): string {
  return [path, says, place === "" ? "" : `(${place})`].filter((part) => part !== "").join(" ");
}
