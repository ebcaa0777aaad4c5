// `rapport connector deadletters`: one call to a running Connector.
import { parseArgs } from "node:util";
import { isCode, RapportError } from "rapport/core";
import type { ConnectorTerminal } from "./command.ts";

const urlDefault = "http://127.0.0.1:8080";
const path = "/api/rapport/v1/DeadLetters";

/** Lists what could not be delivered or processed, queues it again or throws it away. */
export async function runDeadLetters(words: readonly string[], { write }: ConnectorTerminal): Promise<void> {
  const { positionals, values } = wordsIn(words);
  const [verb = "", id = "", ...more] = positionals;
  const isList = verb === "list";
  const isKnown = isList || verb === "replay" || verb === "discard";
  if (!isKnown || isList !== (id === "") || more.length > 0) {
    throw invalid('Say "rapport connector deadletters list", "... replay ID" or "... discard ID".');
  }
  const call: Call = {
    url: (values.url ?? process.env["RAPPORT_CONNECTOR_URL"] ?? urlDefault).replace(/\/+$/, ""),
    key: values["api-key"] ?? process.env["RAPPORT_CONNECTOR_API_KEY"],
    headerName: values["header-name"] ?? "X-API-KEY",
  };
  const one = `${path}/${encodeURIComponent(id)}`;
  if (verb === "replay") await ask(call, "POST", `${one}/Replay`);
  if (verb === "discard") await ask(call, "DELETE", one);
  const result = isList ? await ask(call, "GET", path) : { id, done: verb };
  if (values.json) return write(JSON.stringify({ result }));
  if (!isList) return write(`${id}: ${verb === "replay" ? "queued again" : "thrown away"}`);
  linesOf(result).forEach(write);
}

interface Call {
  readonly url: string;
  readonly key: string | undefined;
  readonly headerName: string;
}

function wordsIn(words: readonly string[]) {
  const text = { type: "string" } as const;
  const options = {
    url: text,
    "api-key": text,
    "header-name": text,
    json: { type: "boolean", default: false },
  } as const;
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: true });
  } catch (problem) {
    const [reason = ""] = (problem instanceof Error ? problem.message : String(problem)).split(/\.\s/);
    throw invalid(`${reason.replace(/\.$/, "")}. Run "rapport connector --help" for the options.`);
  }
}

async function ask({ url, key, headerName }: Call, method: string, at: string): Promise<unknown> {
  const headers = { accept: "application/json", ...(key === undefined ? {} : { [headerName]: key }) };
  const answer = await fetch(`${url}${at}`, { method, headers, redirect: "manual" }).catch((cause: unknown) => {
    throw new RapportError("connector.unreachable", `No Connector answers at ${url}.`, { cause });
  });
  const text = await answer.text();
  if (answer.status === 204) return undefined;
  const { result, error } = parsed(text);
  if (answer.ok) return result;
  if (isCode(error?.code ?? "")) throw new RapportError(codeOf(error?.code), error?.message ?? "");
  const message = `What answers at ${url} says ${answer.status}${error?.code === undefined ? "" : ` (${error.code})`}.`;
  throw new RapportError("connector.unreachable", message);
}

function codeOf(code = ""): ConstructorParameters<typeof RapportError>[0] {
  return isCode(code) ? code : "connector.unreachable";
}

interface Envelope {
  readonly result?: unknown;
  readonly error?: { readonly code?: string; readonly message?: string };
}

function parsed(text: string): Envelope {
  try {
    const envelope: unknown = JSON.parse(text);
    return typeof envelope === "object" && envelope !== null ? envelope : {};
  } catch {
    return {};
  }
}

function linesOf(result: unknown): readonly string[] {
  if (!Array.isArray(result)) return [JSON.stringify(result)];
  return result.length === 0 ? ["none"] : result.map((one) => JSON.stringify(one));
}

function invalid(message: string): RapportError {
  return new RapportError("input.invalid", message);
}
