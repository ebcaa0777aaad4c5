// How a call becomes a request: everything is read off the table of operations (docs/protocol.md).
import { randomUUID } from "node:crypto";
import { type Call, invariant, type Operation, operations } from "rapport/core";

/** One request, ready to be sent. */
export interface HttpRequest {
  readonly method: Operation["method"];
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string | Uint8Array;
}

/** What is the same for every request of one transport. */
export interface Letterhead {
  /** What comes before the path of an operation; empty, or begins with a slash. */
  readonly prefix: string;
  readonly headers: { readonly [name: string]: string };
}

/** The request for a call, with a bearer token where there is one. */
export function requestOf(call: Call, { prefix, headers }: Letterhead, token?: string): HttpRequest {
  const operation: Operation = operations[call.operation];
  const content = contentOf(call, operation);
  return {
    method: operation.method,
    path: `${prefix}${pathOf(call, operation)}${queryOf(call)}`,
    headers: {
      ...headers,
      accept: operation.answers === "bytes" ? "application/octet-stream, application/json" : "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(content === undefined ? {} : { "content-type": content.type }),
      ...(call.idempotencyKey === undefined ? {} : { "idempotency-key": call.idempotencyKey }),
      ...(call.etag === undefined ? {} : { "if-none-match": call.etag }),
      ...versionOf(call, operation),
    },
    ...(content === undefined ? {} : { body: content.body }),
  };
}

function pathOf({ operation: name, params = {} }: Call, { path }: Operation): string {
  return path.replaceAll(/\{(\w+)\}/g, (_whole, param: string) => {
    const value = params[param];
    invariant(value !== undefined, `The operation ${name} needs the parameter ${param}.`);
    return encoded(value);
  });
}

// A segment of dots alone would lead somewhere else.
function encoded(segment: string): string {
  return /^\.+$/.test(segment) ? segment.replaceAll(".", "%2E") : encodeURIComponent(segment);
}

function queryOf({ query = {} }: Call): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map(
      (one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`,
    ),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

// The datawallet and its sync runs ask every caller which version it supports (spec/backbone-protocol.md 7).
function versionOf({ supportedDatawalletVersion: version }: Call, { path }: Operation): { [name: string]: string } {
  const isAsked = /^\/api\/v2\/(Datawallet|SyncRuns)\b/.test(path);
  return version === undefined && !isAsked ? {} : { "x-supported-datawallet-version": String(version ?? 1) };
}

interface Content {
  readonly type: string;
  readonly body: string | Uint8Array;
}

function contentOf(call: Call, operation: Operation): Content | undefined {
  const { body } = call;
  if (operation.sends === "multipart") return multipart(membersOf(body), call.bytes ?? new Uint8Array());
  if (body === undefined) return undefined;
  if (operation.sends === "form") {
    return { type: "application/x-www-form-urlencoded", body: new URLSearchParams(membersOf(body)).toString() };
  }
  return { type: "application/json", body };
}

function membersOf(body = "{}"): { [name: string]: string } {
  const members: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(JSON.parse(body) as object)) {
    if (value !== null && value !== undefined) members[name] = String(value);
  }
  return members;
}

// Part names and the file's name are those of spec/backbone-protocol.md 5.4. Nobody can guess the boundary and put it inside.
function multipart(members: { readonly [name: string]: string }, bytes: Uint8Array): Content {
  const boundary = `rapport-${randomUUID()}`;
  const texts = Object.entries(members).map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${encodeURIComponent(name)}"\r\n\r\n${value}\r\n`,
  );
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="content"; filename="cipher.bin"\r\n` +
    "Content-Type: application/octet-stream\r\n\r\n";
  const body = Buffer.concat([Buffer.from(texts.join("") + head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { type: `multipart/form-data; boundary=${boundary}`, body };
}
