// What a response says (spec/backbone-protocol.md 1.1). Nothing of it is trusted beyond its shape.
import { type Answer, type Json, type JsonObject, type Operation, type OperationName, operations } from "rapport/core";
import { type HttpAnswer, type HttpHeaders, unreachable } from "./exchange.ts";
import { errorCodeCharactersMax, errorMessageCharactersMax } from "./limits.ts";

/** The answer in a response. Throws `relay.unreachable` for what is none: whether the call had its effect is then unknown. */
export function answerOf(operation: OperationName, response: HttpAnswer): Answer {
  const { status } = response;
  if (status >= 400) return refusalOf(response);
  if (status >= 300 && status !== 304) throw noAnswer(response, "it sends us elsewhere, which no relay does.");
  return successOf(operations[operation], response);
}

/** True when the relay is one of ours. */
export function isRapport(headers: HttpHeaders): boolean {
  return headers["x-rapport-relay"] !== undefined;
}

/** The JSON in a response; undefined when it is not JSON, or says that it is something else. */
export function jsonOf({ headers, body }: HttpAnswer): Json | undefined {
  if (!/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(text(headers["content-type"]))) return undefined;
  try {
    return JSON.parse(decoder.decode(body)) as Json;
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function successOf(operation: Operation, response: HttpAnswer): Answer {
  const { status, headers, body } = response;
  const tag = text(headers["etag"]);
  const answer = { ok: true as const, status, rapport: isRapport(headers), ...(tag === "" ? {} : { etag: tag }) };
  if (status === 204 || status === 304) return { ...answer, result: {} };
  if (operation.answers === "bytes") {
    if (!text(headers["content-type"]).startsWith("application/octet-stream")) throw noAnswer(response, noBytes);
    return { ...answer, result: {}, bytes: new Uint8Array(body) };
  }
  const json = jsonOf(response);
  if (json === undefined) throw noAnswer(response, "what it sent is not JSON.");
  if (operation.answers === "raw") return { ...answer, result: json };
  const { result, pagination } = isObject(json) ? json : {};
  if (result === undefined || result === null || result === false || result === 0 || result === "") {
    throw noAnswer(response, "its success holds no result.");
  }
  return isPagination(pagination) ? { ...answer, result, pagination } : { ...answer, result };
}

const noBytes = "what it sent are not the bytes of a File.";

function refusalOf(response: HttpAnswer): Answer {
  const { status, headers } = response;
  const json = jsonOf(response);
  const error = isObject(json) && isObject(json["error"]) ? json["error"] : {};
  const { code, message, data } = error;
  return {
    ok: false,
    status,
    rapport: isRapport(headers),
    error: {
      code: typeof code === "string" && code !== "" ? code.slice(0, errorCodeCharactersMax) : codeOf(status),
      message: typeof message === "string" ? message.slice(0, errorMessageCharactersMax) : `It answered ${status}.`,
      ...(data === undefined || data === null ? {} : { data }),
    },
  };
}

// What clients make of an error without an envelope.
function codeOf(status: number): string {
  if (status === 400) return "error.transport.request.badRequest";
  if (status === 401) return "error.platform.unauthorized";
  if (status === 403) return "error.platform.forbidden";
  return status === 404 ? "error.transport.request.notFound" : "error.platform.unexpected";
}

function noAnswer({ status }: HttpAnswer, why: string): Error {
  return unreachable(`${why}`, { sent: true, status });
}

function text(field: string | string[] | undefined): string {
  return typeof field === "string" ? field : (field?.[0] ?? "");
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

type Pagination = NonNullable<Extract<Answer, { ok: true }>["pagination"]>;

function isPagination(json: Json | undefined): json is Pagination & JsonObject {
  if (!isObject(json)) return false;
  return ["pageNumber", "pageSize", "totalPages", "totalRecords"].every((name) => Number.isSafeInteger(json[name]));
}
