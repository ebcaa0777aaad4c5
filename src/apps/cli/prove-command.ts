// `rapport rules prove`: searches Requests for which rules do what they never should.
import { readFile } from "node:fs/promises";
import { RapportError } from "rapport";
import { proveRules } from "rapport/proof";
import { printable } from "./layout.ts";
import { isProven, proofText } from "./proof-text.ts";
import { readProperties } from "./property-file.ts";
import { naming, readRules } from "./rules-file.ts";
import { readWords } from "./words.ts";

/** Runs `rules prove`, and tells whether every property was tested and holds. */
export async function runProve(
  words: readonly string[],
  { width, write }: { readonly width: number; write(line: string): void },
): Promise<boolean> {
  const { texts, switches, rest } = readWords(words, {
    texts: ["properties", "runs", "seed"],
    switches: ["json"],
    names: ["FILE"],
  });
  const [file = ""] = rest;
  const runs = numberIn(texts.runs, "runs");
  const seed = numberIn(texts.seed, "seed");
  const properties = texts.properties === undefined ? undefined : await readProperties(texts.properties);
  await using read = await readRules(file);
  const { rules, itemKinds } = read;
  const sourceText = file.endsWith("js") ? await readFile(file, "utf8") : undefined;
  const proof = await naming(texts.properties ?? file, () =>
    proveRules({
      rules,
      itemKinds,
      ...(sourceText === undefined ? {} : { sourceText }),
      ...(properties === undefined ? {} : { properties }),
      ...(runs === undefined ? {} : { runs }),
      ...(seed === undefined ? {} : { seed }),
    }),
  );
  const given = texts.properties === undefined ? "" : ` --properties ${quoted(texts.properties)}`;
  const again = `rapport rules prove ${quoted(file)}${given} --runs ${proof.runs} --seed ${proof.seed}`;
  if (switches.json) write(JSON.stringify({ file, proven: isProven(proof), again, ...proof }));
  else for (const line of proofText(proof, { file, again, width })) write(line);
  return isProven(proof);
}

function numberIn(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new RapportError("input.invalid", `--${option} is "${text}". Give a whole number.`);
}

const quoted = (word: string) => (/^[\w./:@-]+$/.test(word) ? word : `'${printable(word).replaceAll("'", "'\\''")}'`);
