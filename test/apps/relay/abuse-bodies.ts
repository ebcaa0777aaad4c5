// Bodies that are no JSON, not the JSON they seem to be, or larger than anybody may send.
import { base64 } from "../../relay/parties.ts";
import {
  type BadRequest,
  bad,
  invalid,
  notFound,
  type Sent,
  tooLarge,
  unauthorized,
  unreadable,
} from "./abuse-case.ts";

const templates = "/api/v2/RelationshipTemplates";
const post = (body: string | Uint8Array, more: Partial<Sent> = {}): Sent => ({
  method: "POST",
  path: templates,
  body,
  ...more,
});
const typed = (type: string) => ({ headers: { "content-type": type } });
const content = base64("t");
const valid = JSON.stringify({ content });
const mebi = 1024 * 1024;

/** No JSON at all. */
const noJson: readonly BadRequest[] = [
  ["cut off", valid.slice(0, -1)],
  ["cut off inside a text", '{"content":"abc'],
  ["with a comma at the end", `{"content":"${content}",}`],
  ["with single quotes", `{'content':'${content}'}`],
  ["with a comment", `{"content":"${content}"/* */}`],
  ["with something behind it", `${valid}${valid}`],
  ["a list", `[${valid}]`],
  ["a text", '"text"'],
  ["a number", "7"],
  ["null", "null"],
  ["true", "true"],
  ["NaN", "NaN"],
  ["a number that JSON does not have", '{"maxNumberOfAllocations":0x10}'],
  ["a byte order mark before it", `\uFEFF${valid}`],
  ["a NUL behind it", `${valid}\0`],
  ["a NUL inside a text", '{"content":"a\0b"}'],
  ["a line break inside a text", '{"content":"a\nb"}'],
  ["a broken escape", '{"content":"\\u12"}'],
  ["in UTF-16", Buffer.from(valid, "utf16le")],
  ["gzip", Buffer.from("1f8b08000000000000ffab56050043bfa6a302000000", "hex")],
  ["lists in lists without end", "[".repeat(200_000)],
  ["objects in objects without end", '{"a":'.repeat(200_000)],
  ["XML", "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"],
  ["a form", `content=${content}`],
].map(([name, body]) => bad(`JSON: ${name}`, unreadable, post(body as string)));

/** JSON that is meant to be read as something else. */
const slyJson: readonly BadRequest[] = [
  ["a member of the prototype", `{"__proto__":{"content":"${content}"}}`],
  ["a member of the constructor", `{"constructor":{"prototype":{"content":"${content}"}}}`],
  ["the name of a method for a member", '{"content":{"toString":"x","length":1}}'],
  ["a good member and then a bad one with the same name", `{"content":"${content}","content":7}`],
  ["a member in another case", `{"Content":"${content}"}`],
  ["half a surrogate pair", '{"content":"\\ud800"}'],
  ["base64 with a blank", '{"content":"YWJj ZGVm"}'],
  ["base64 of an impossible length", '{"content":"YWJjZ"}'],
  ["base64 in both alphabets and padding in the middle", '{"content":"YW=Jj-_+/"}'],
  ["letters that look like base64", '{"content":"ΑΒΓ"}'],
  ["bytes that are not UTF-8", Buffer.from([...Buffer.from('{"content":"'), 0xff, 0xfe, ...Buffer.from('"}')])],
  ["lists in a member without end", `{"content":${"[".repeat(5_000)}${"]".repeat(5_000)}}`],
  ["a number that is too large", `{"content":"${content}","maxNumberOfAllocations":1e309}`],
  ["a number that is not exact", `{"content":"${content}","maxNumberOfAllocations":9007199254740993}`],
  ["a day that does not exist", `{"content":"${content}","expiresAt":"2031-02-30T00:00:00Z"}`],
  ["an instant without a zone", `{"content":"${content}","expiresAt":"2031-01-01T00:00:00"}`],
  ["an instant far beyond time", `{"content":"${content}","expiresAt":"+275761-01-01T00:00:00Z"}`],
  ["an address with a newline", `{"content":"${content}","forIdentity":"did:e:localhost:dids:0123\\n"}`],
].map(([name, body]) => bad(`JSON: ${name}`, invalid, post(body as string)));

const boundary = "xxxx";
const multipart = (...parts: readonly (readonly [head: string, content: string | Uint8Array])[]) =>
  Buffer.concat([
    ...parts.flatMap(([head, content]) => [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
      Buffer.from(content as string),
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
const upload = (body: string | Uint8Array, type = `multipart/form-data; boundary=${boundary}`): Sent => ({
  method: "POST",
  path: "/api/v2/Files",
  body,
  headers: { "content-type": type },
});
const bytes = ['name="content"; filename="cipher.bin"', "cipher"] as const;
const field = (name: string, value: string) => [`name="${name}"`, value] as const;

const uploads: readonly BadRequest[] = [
  bad("File: as JSON", invalid, upload("{}", "application/json")),
  bad("File: without a type", unreadable, { ...upload("x"), headers: { "content-type": "" } }),
  bad("File: without a boundary", unreadable, upload("x", "multipart/form-data")),
  bad("File: without parts", invalid, upload(`--${boundary}--\r\n`)),
  bad("File: cut off", unreadable, upload(multipart(bytes).subarray(0, 90))),
  bad("File: nothing in the content", invalid, upload(multipart([bytes[0], ""]))),
  bad("File: no other parts", invalid, upload(multipart(bytes))),
  bad("File: the content as a text", invalid, upload(multipart(field("content", "cipher")))),
  bad("File: two contents", tooLarge, upload(multipart(bytes, bytes))),
  bad("File: a hundred parts", tooLarge, () =>
    upload(multipart(...Array.from({ length: 100 }, (_, n) => field(`f${n}`, "x")), bytes)),
  ),
  bad("File: more than 15 MiB", tooLarge, () => upload(multipart([bytes[0], Buffer.alloc(15 * mebi + 1)]))),
  bad("File: a text of 2 MiB", tooLarge, () => upload(multipart(field("cipherHash", "x".repeat(2 * mebi)), bytes))),
  bad("File: a part of the prototype", unreadable, upload(multipart(field("__proto__", "x"), bytes))),
  bad("File: the name of a part without end", invalid, upload(multipart(field("n".repeat(5_000), "x"), bytes))),
  bad("File: without a login", unauthorized, { ...upload(multipart(bytes)), by: "nobody" }),
];

const form = (body: string): Sent => ({
  method: "POST",
  path: "/connect/token",
  body,
  by: "nobody",
  ...typed("application/x-www-form-urlencoded"),
});
const grant = "grant_type=password&client_id=test&client_secret=test&username=USRxxxxxxxxxxxxxxxxx&password=x";

const logins: readonly BadRequest[] = [
  bad("login: as JSON", [400, "invalid_request"], {
    ...form('{"grant_type":"password"}'),
    ...typed("application/json"),
  }),
  bad("login: nothing", [400, "invalid_request"], form("")),
  bad("login: without a password", [400, "invalid_request"], form("grant_type=password&username=USRxxxxxxxxxxxxxxxxx")),
  bad("login: another grant", [400, "unsupported_grant_type"], form("grant_type=client_credentials")),
  bad("login: unknown", [400, "invalid_grant"], form(grant)),
  bad(
    "login: a username of the prototype",
    [400, "invalid_grant"],
    form(grant.replace("USRxxxxxxxxxxxxxxxxx", "__proto__")),
  ),
  bad(
    "login: percent signs that mean nothing",
    [400, "invalid_grant"],
    form(grant.replace("password=x", "password=%zz%00")),
  ),
  bad("login: a password without end", tooLarge, () => form(`${grant}${"x".repeat(70_000)}`)),
];

const sizes: readonly BadRequest[] = [
  bad("size: 20 MiB and one byte", tooLarge, () => post("x".repeat(20 * mebi + 1))),
  ...["Identities", "Challenges", "Tokens"].map((path) =>
    bad(
      `size: 64 KiB and one byte without a login to ${path}`,
      tooLarge,
      () => ({ ...post("x".repeat(64 * 1024 + 1)), path: `/api/v2/${path}`, by: "nobody" }) as const,
    ),
  ),
  bad("size: a body to a route that is not there", notFound, () => post("x".repeat(mebi), { path: "/api/v2/Nothing" })),
  bad("size: a body without a login", unauthorized, () => post("x".repeat(mebi), { by: "nobody" })),
];

const types: readonly BadRequest[] = [
  bad("type: multipart for JSON", unreadable, post("--x--", typed("multipart/form-data; boundary=x"))),
  bad("type: a form for JSON", unreadable, post(`content=${content}`, typed("application/x-www-form-urlencoded"))),
  bad("type: compressed", unreadable, post(Buffer.from("1f8b08", "hex"), { headers: { "content-encoding": "gzip" } })),
];

/** All of them. */
export const badBodies = [...noJson, ...slyJson, ...uploads, ...logins, ...sizes, ...types];
