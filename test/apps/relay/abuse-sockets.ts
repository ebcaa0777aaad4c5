// Bytes that are no HTTP, requests that never end, and requests with two meanings.
import type { BadRequest } from "./abuse-case.ts";
import { sendRaw } from "./abuse-wire.ts";

const host = "Host: localhost\r\n";
const get = `GET /api/v2/Version HTTP/1.1\r\n${host}`;
const post = `POST /api/v2/Challenges HTTP/1.1\r\n${host}Connection: close\r\n`;
const chunked = `${post}Transfer-Encoding: chunked\r\n`;

const pieces: readonly (readonly [name: string, status: number, ...pieces: readonly string[]])[] = [
  ["no HTTP at all", 400, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"],
  ["a word", 400, "hello\r\n\r\n"],
  ["a version that does not exist", 400, "GET / HTTP/9.9\r\n\r\n"],
  ["an unknown method", 400, `SMUGGLE /api/v2/Version HTTP/1.1\r\n${host}\r\n`],
  ["a space in the address", 400, `GET /api/v2/Ver sion HTTP/1.1\r\n${host}\r\n`],
  ["a header without a name", 400, `${get}: x\r\n\r\n`],
  ["a header with a space in its name", 400, `${get}A b: x\r\n\r\n`],
  ["a NUL in a header", 400, `${get}A: a\0b\r\n\r\n`],
  ["a header over two lines", 400, `${get}A: a\r\n b\r\n\r\n`],
  ["two lengths", 400, `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
  ["a length that is no number", 400, `${post}Content-Length: two\r\n\r\n{}`],
  ["a length below nothing", 400, `${post}Content-Length: -2\r\n\r\n{}`],
  ["a length with a sign", 400, `${post}Content-Length: +2\r\n\r\n{}`],
  ["a length and chunks", 400, `${chunked}Content-Length: 2\r\n\r\n0\r\n\r\n`],
  ["chunks and a length", 400, `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ["two codings", 400, `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
  ["a coding with a disguise", 400, `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  ["a chunk of no size", 400, `${chunked}\r\nxyz\r\n`],
  ["a chunk below nothing", 400, `${chunked}\r\n-1\r\n`],
  ["a chunk that is longer than it says", 400, `${chunked}\r\n2\r\n{}}\r\n0\r\n\r\n`],
  ["a chunk of more than there is", 400, `${chunked}\r\nfffffffffffffffff\r\n`],
  ["headers without end", 431, `${get}A: ${"x".repeat(70_000)}\r\n\r\n`],
  ["a flood of headers", 431, `${get}${"A: xxxxxxxx\r\n".repeat(12_000)}\r\n`],
  ["a query of 1 MiB", 431, `GET /api/v2/Version?q=${"x".repeat(1024 * 1024)} HTTP/1.1\r\n${host}\r\n`],
  ["a head that never ends", 408, `${get}A:`],
  ["a body that never comes", 408, `${post}Content-Length: 100\r\n\r\n{`],
  ["a chunk that never comes", 408, `${chunked}\r\n10\r\n{`],
];

/** All of them; what is broken before there is a request gets the same code. */
export const badSockets: readonly BadRequest[] = pieces.map(([name, status, ...sent]) => ({
  name: `socket: ${name}`,
  status,
  code: "inputCannotBeParsed",
  send: ({ url }) => sendRaw(url, ...sent),
}));
