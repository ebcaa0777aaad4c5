// Calls as bytes and back, by the table of operations (docs/protocol.md): what HTTP carries, without sockets.
import { type Call, type Operation, type OperationName, operations } from "rapport/core";

/** A call that came off the wire, with the bearer token of its caller. */
export interface Received {
  readonly call: Call;
  readonly token: string | undefined;
}

const lineEnd = "\r\n";
const boundary = "simulated-boundary-0000000000000000";

/** The bytes of a call. */
export function encodeCall(call: Call, token?: string): Uint8Array {
  const operation: Operation = operations[call.operation];
  const content = contentOf(call, operation);
  const headers = [
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    ...(content === undefined ? [] : [`content-type: ${content.type}`, `content-length: ${content.body.length}`]),
    ...(call.idempotencyKey === undefined ? [] : [`idempotency-key: ${call.idempotencyKey}`]),
    ...(call.etag === undefined ? [] : [`if-none-match: "${call.etag}"`]),
    ...(call.supportedDatawalletVersion === undefined
      ? []
      : [`x-supported-datawallet-version: ${call.supportedDatawalletVersion}`]),
  ];
  const first = `${operation.method} ${pathOf(call, operation)}${queryOf(call)} HTTP/1.1`;
  const head = Buffer.from([first, ...headers, "", ""].join(lineEnd));
  return content === undefined ? head : Buffer.concat([head, content.body]);
}

/** What the bytes of a call say. */
export function decodeCall(bytes: Uint8Array): Received {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = whole.indexOf(`${lineEnd}${lineEnd}`);
  const [first = "", ...lines] = whole.subarray(0, end).toString().split(lineEnd);
  const body = whole.subarray(end + 4);
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
  const [method = "", target = ""] = first.split(" ");
  const [path = "", search] = target.split("?");
  const { name, row, params } = routeOf(method, path);
  const version = headers.get("x-supported-datawallet-version");
  const call: Call = {
    operation: name,
    ...(row.path.includes("{") ? { params } : {}),
    ...(search === undefined ? {} : { query: queryIn(search) }),
    ...bodyIn(body, row, headers.get("content-type")),
    ...optional("idempotencyKey", headers.get("idempotency-key")),
    ...optional("etag", headers.get("if-none-match")?.slice(1, -1)),
    ...(version === undefined ? {} : { supportedDatawalletVersion: Number(version) }),
  };
  return { call, token: headers.get("authorization")?.slice("Bearer ".length) };
}

function optional<N extends string>(name: N, value: string | undefined): { readonly [name in N]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [name in N]?: string };
}

function pathOf({ params = {} }: Call, { path }: Operation): string {
  return path.replaceAll(/\{(\w+)\}/g, (_whole, param: string) => encodeURIComponent(params[param] ?? ""));
}

function queryOf({ query = {} }: Call): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map(
      (one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`,
    ),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

function queryIn(search: string): { [name: string]: string | string[] } {
  const query: { [name: string]: string | string[] } = {};
  for (const pair of search.split("&")) {
    const [name = "", value = ""] = pair.split("=").map(decodeURIComponent);
    const known = query[name];
    query[name] = known === undefined ? value : [known, value].flat();
  }
  return query;
}

interface Content {
  readonly type: string;
  readonly body: Buffer;
}

function contentOf({ body, bytes }: Call, { sends }: Operation): Content | undefined {
  if (sends === "multipart") return multipart(membersOf(body), bytes ?? new Uint8Array());
  if (body === undefined) return undefined;
  if (sends !== "form") return { type: "application/json", body: Buffer.from(body) };
  const form = new URLSearchParams(membersOf(body)).toString();
  return { type: "application/x-www-form-urlencoded", body: Buffer.from(form) };
}

function membersOf(body = "{}"): { [name: string]: string } {
  const members = Object.entries(JSON.parse(body) as object).filter(([, value]) => value !== null);
  return Object.fromEntries(members.map(([name, value]) => [name, String(value)]));
}

function multipart(members: { readonly [name: string]: string }, bytes: Uint8Array): Content {
  const part = (name: string) => `--${boundary}${lineEnd}${name}${lineEnd}${lineEnd}`;
  const texts = Object.entries(members).map(([name, value]) => `${part(name)}${value}${lineEnd}`);
  const head = Buffer.from(`${texts.join("")}${part("content")}`);
  const tail = Buffer.from(`${lineEnd}--${boundary}--`);
  return { type: "multipart/form-data", body: Buffer.concat([head, bytes, tail]) };
}

function bodyIn(body: Buffer, { sends }: Operation, type: string | undefined): Pick<Call, "body" | "bytes"> {
  if (type === undefined) return {};
  if (sends === "form") return { body: JSON.stringify(Object.fromEntries(new URLSearchParams(body.toString()))) };
  return sends === "multipart" ? partsIn(body) : { body: body.toString() };
}

function partsIn(body: Buffer): Pick<Call, "body" | "bytes"> {
  const start = Buffer.from(`--${boundary}${lineEnd}`);
  const texts: { [name: string]: string } = {};
  let at = body.indexOf(start);
  while (at >= 0) {
    const nameAt = at + start.length;
    const nameEnd = body.indexOf(lineEnd, nameAt);
    const name = body.subarray(nameAt, nameEnd).toString();
    const next = body.indexOf(`${lineEnd}--${boundary}`, nameEnd + 2);
    const value = body.subarray(nameEnd + 4, next);
    if (name === "content") return { body: JSON.stringify(texts), bytes: new Uint8Array(value) };
    texts[name] = value.toString();
    at = next + 2;
  }
  return {};
}

interface Route {
  readonly name: OperationName;
  readonly row: Operation;
  readonly names: readonly string[];
  readonly pattern: RegExp;
}

const routes: readonly Route[] = (Object.entries(operations) as readonly [OperationName, Operation][]).map(
  ([name, row]) => ({
    name,
    row,
    names: [...row.path.matchAll(/\{(\w+)\}/g)].map(([, param = ""]) => param),
    pattern: new RegExp(`^${row.method} ${row.path.replaceAll(/\{\w+\}/g, "([^/]+)")}$`),
  }),
);

function routeOf(method: string, path: string): Pick<Route, "name" | "row"> & { params: { [name: string]: string } } {
  let found: Route | undefined;
  let values: readonly string[] = [];
  for (const route of routes) {
    const match = route.pattern.exec(`${method} ${path}`);
    // A path without parameters goes before one that would take its last word for an id.
    if (match === null || (found !== undefined && route.names.length >= found.names.length)) continue;
    found = route;
    values = match.slice(1);
  }
  if (found === undefined) throw new Error(`No operation has the path ${method} ${path}.`);
  const pairs = found.names.map((name, at) => [name, decodeURIComponent(values[at] ?? "")]);
  return { name: found.name, row: found.row, params: Object.fromEntries(pairs) };
}
