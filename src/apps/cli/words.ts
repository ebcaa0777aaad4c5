// The words of a command line, read strictly; what does not fit is the user's to mend.
import { type ParseArgsConfig, parseArgs } from "node:util";
import { RapportError } from "rapport";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Options that are texts by name, and switches. */
export interface Words<T extends string, S extends string> {
  readonly texts: { readonly [name in T]: string | undefined };
  readonly switches: { readonly [name in S]: boolean };
  readonly rest: readonly string[];
}

/** Reads options, and as many other words as there are names for. Throws `input.invalid`. */
export function readWords<T extends string, S extends string>(
  words: readonly string[],
  wanted: { readonly texts: readonly T[]; readonly switches: readonly S[]; readonly names: readonly string[] },
): Words<T, S> {
  const options: Options = {};
  for (const name of wanted.texts) options[name] = { type: "string" };
  for (const name of wanted.switches) options[name] = { type: "boolean", default: false };
  const { values, positionals } = parsed(words, options);
  if (positionals.length !== wanted.names.length) {
    const names = wanted.names.join(" ");
    throw invalid(
      `${positionals.length > wanted.names.length ? "Too many words" : "Something is missing"}: give ${names}`,
    );
  }
  const texts = Object.fromEntries(wanted.texts.map((name) => [name, values[name]]));
  const switches = Object.fromEntries(wanted.switches.map((name) => [name, values[name] === true]));
  return { texts, switches, rest: positionals } as unknown as Words<T, S>;
}

function parsed(words: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: true });
  } catch (problem) {
    const [reason = ""] = (problem instanceof Error ? problem.message : String(problem)).split(". ");
    throw invalid(reason.replace(/\.$/, ""));
  }
}

function invalid(what: string): RapportError {
  return new RapportError("input.invalid", `${what}. Run "rapport help" for the options.`);
}
