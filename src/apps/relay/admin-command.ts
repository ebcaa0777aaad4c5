// `rapport relay admin`: one call to a running relay.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isCode, RapportError } from "rapport/core";
import { type AdminOperation, adminOperations } from "./contract.ts";

/** Where it writes, and the environment it reads. */
export interface AdminTerminal {
  readonly write: (line: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const urlDefault = "http://127.0.0.1:4300";

/** Sends the call that the words name and prints the answer. Throws the relay's refusals. */
export async function runAdmin(words: readonly string[], { write, environment }: AdminTerminal): Promise<void> {
  const { positionals, values } = wordsIn(words);
  const [noun, verb, id, ...more] = positionals;
  if (noun === undefined || values.help) return adminUsage().forEach(write);
  const row = adminOperations[`${noun} ${verb}`];
  if (row === undefined)
    throw invalid(`There is no "${[noun, verb].join(" ")}". Run "rapport relay admin" for the list.`);
  if ((row.id === undefined) !== (id === undefined) || more.length > 0) {
    throw invalid(`Say "rapport relay admin ${lineOf(`${noun} ${verb}`, row)}".`);
  }
  const key = values["admin-key"] ?? environment["RAPPORT_RELAY_ADMIN_KEY"];
  if (key === undefined) throw invalid("Give the operator's key: --admin-key or RAPPORT_RELAY_ADMIN_KEY.");
  const url = values.url ?? environment["RAPPORT_RELAY_URL"] ?? urlDefault;
  const body = bodyOf(row, values);
  const result = await call({ url, key, row, id: id ?? "", body });
  if (values.json) return write(JSON.stringify({ result }));
  linesOf(result).forEach(write);
}

function wordsIn(words: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const options = {
    url: text,
    "admin-key": text,
    body: text,
    file: text,
    json: flag,
    help: { ...flag, short: "h" },
  } as const;
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: true });
  } catch (problem) {
    const [reason = ""] = (problem instanceof Error ? problem.message : String(problem)).split(/\.\s/);
    throw invalid(`${reason.replace(/\.$/, "")}. Run "rapport relay admin" for the list.`);
  }
}

function bodyOf(row: AdminOperation, { body, file }: { body?: string | undefined; file?: string | undefined }) {
  if (row.body === undefined) return undefined;
  if (body !== undefined) return body;
  if (file === undefined) throw invalid(`Give --body JSON or --file FILE: ${row.body}`);
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new RapportError("input.invalid", `--file: ${file} cannot be read.`, { cause });
  }
}

interface AdminCall {
  readonly url: string;
  readonly key: string;
  readonly row: AdminOperation;
  readonly id: string;
  readonly body: string | undefined;
}

async function call({ url, key, row, id, body }: AdminCall): Promise<unknown> {
  const address = `${url.replace(/\/$/, "")}${row.path.replace("{id}", encodeURIComponent(id))}`;
  const request = {
    method: row.method,
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { body }),
  };
  const response = await fetch(address, request).catch((cause: unknown) => {
    throw new RapportError("relay.unreachable", `No relay answers at ${url}.`, { cause });
  });
  const text = await response.text();
  if (response.status === 204) return "done";
  const answer = parsed(text, url);
  if (response.ok) return answer.result;
  const { code = "", message = "" } = answer.error ?? {};
  if (isCode(code)) throw new RapportError(code, message);
  throw new RapportError("relay.unreachable", `What answers at ${url} is no relay: it says ${response.status}.`);
}

interface Envelope {
  readonly result?: unknown;
  readonly error?: { readonly code?: string; readonly message?: string };
}

function parsed(text: string, url: string): Envelope {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RapportError("relay.unreachable", `What answers at ${url} is no relay.`, { cause });
  }
}

function linesOf(result: unknown): readonly string[] {
  if (typeof result === "string") return [result];
  if (!Array.isArray(result)) return JSON.stringify(result, undefined, 2).split("\n");
  return result.length === 0 ? ["none"] : result.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
}

function adminUsage(): readonly string[] {
  const rows = Object.entries(adminOperations).flatMap(([words, row]) => [
    `  ${lineOf(words, row).padEnd(38)}${row.says}`,
    ...(row.body === undefined ? [] : [`  ${"".padEnd(38)}${row.body}`]),
  ]);
  return [
    "rapport relay admin - asks a running relay",
    "",
    ...rows,
    "",
    "Options",
    `  --url URL          ${urlDefault}, or RAPPORT_RELAY_URL`,
    "  --admin-key KEY    the operator's key, or RAPPORT_RELAY_ADMIN_KEY",
    "  --body JSON        what to send",
    "  --file FILE        the same from a file",
    "  --json             the answer as one JSON object",
  ];
}

function lineOf(words: string, { id, body }: AdminOperation): string {
  return [words, ...(id === undefined ? [] : [id]), ...(body === undefined ? [] : ["--file FILE"])].join(" ");
}

function invalid(message: string): RapportError {
  return new RapportError("input.invalid", message);
}
