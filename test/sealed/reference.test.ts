import fc from "fast-check";
import { expect, test } from "vitest";
import { isReferenceFor, readReference, writeReference, writeReferenceUrl } from "../../src/sealed/reference.ts";
import { codeOf } from "./parties.ts";
import { vectors } from "./suites.ts";

const key = "U8FiyTKYo18vz7MrNNUPILOs7gLOsBNdtJREfQJm-8w";
const id = "RLTaaaaaaaaaaaaaaaaa";
const truncated = (text: string) => Buffer.from(text).toString("base64url");
const invalid = "error.core-types.invalidTruncatedReference";

test("the captured references are read and written as they were", () => {
  expect(vectors.references.length).toBe(5);
  for (const { fields, truncated, url, urlWithApp } of vectors.references) {
    const { key: secretKey, ...rest } = fields;
    const reference = { ...rest, secretKey };

    expect(readReference(truncated)).toEqual({ ok: true, value: reference });
    expect(writeReference(reference)).toBe(truncated);
    if (url === undefined) continue;
    expect(readReference(url)).toEqual({ ok: true, value: reference });
    expect(readReference(urlWithApp)).toEqual({ ok: true, value: reference });
    expect(writeReferenceUrl(reference)).toEqual({ ok: true, value: url });
    expect(writeReferenceUrl(reference, "myApp")).toEqual({ ok: true, value: urlWithApp });
  }
});

test("what is written is read back, in both forms", () => {
  const base64url = (length: number) =>
    fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString("base64url"));
  const reference = fc.record(
    {
      id: fc
        .tuple(fc.constantFrom("RLT", "TOK", "FIL"), fc.stringMatching(/^[A-Za-z0-9]{17}$/))
        .map((two) => two.join("")),
      secretKey: base64url(32),
      backboneBaseUrl: fc.webUrl({ validSchemes: ["http", "https"] }).map((url) => url.replace(/\/$/, "")),
      forIdentityTruncated: fc.stringMatching(/^[0-9a-f]{4}$/),
      passwordProtection: fc.record(
        {
          passwordType: fc.constantFrom("pw", "pin4", "pin10", "pin16"),
          salt: base64url(16),
          passwordLocationIndicator: fc.nat({ max: 99 }),
        },
        { requiredKeys: ["passwordType", "salt"] },
      ),
    },
    { requiredKeys: ["id", "secretKey"] },
  );
  fc.assert(
    fc.property(reference, (reference) => {
      const url = writeReferenceUrl(reference);

      expect(readReference(writeReference(reference))).toEqual({ ok: true, value: reference });
      if (url.ok) expect(readReference(url.value)).toEqual({ ok: true, value: reference });
      else expect(url.refusal.code).toBe("error.core-types.missingBackboneBaseUrl");
      expect(url.ok).toBe(reference.backboneBaseUrl !== undefined);
    }),
  );
});

test("domain 11.1 #14: a reference with 4 components is refused with invalidTruncatedReference", () => {
  expect(codeOf(readReference(truncated(`${id}|3|${key}|`)))).toBe(invalid);
});

test("exactly 3 and exactly 5 components are read", () => {
  expect(readReference(truncated(`${id}|3|${key}`))).toEqual({ ok: true, value: { id, secretKey: key } });
  expect(readReference(truncated(`${id}|3|${key}||`))).toEqual({ ok: true, value: { id, secretKey: key } });
  for (const text of [id, `${id}|3`, `${id}|3|${key}|||`]) {
    expect(codeOf(readReference(truncated(text)))).toBe(invalid);
  }
});

test("the clear password that line 7.0 writes into references to empty tokens is read", () => {
  const text = `TOKaaaaaaaaaaaaaaaaa@http://x|3|${key}||pw&VD1O+q12YlzB6E3qVjyb/Q==&&secret`;

  expect(readReference(truncated(text))).toMatchObject({
    value: { passwordProtection: { passwordType: "pw", password: "secret" } },
  });
  const read = readReference(truncated(text));
  if (read.ok) expect(writeReference(read.value)).toBe(truncated(text));
});

test.for([
  `XYZaaaaaaaaaaaaaaaaa|3|${key}`,
  `RLTaaaa|3|${key}`,
  `RLTaaaaaaaaaaaaaaa-a|3|${key}`,
  `${id}@|3|${key}`,
  `${id}|2|${key}`,
  `${id}|03|${key}`,
  `${id}|3|${key}A`,
  `${id}|3|${key.slice(1)}`,
  `${id}|3|${key.slice(0, -1)}=`,
  `${id}|3|${key}|xyz1|`,
  `${id}|3|${key}|abc|`,
  `${id}|3|${key}||pin3&VD1O+q12YlzB6E3qVjyb/Q==`,
  `${id}|3|${key}||pin17&VD1O+q12YlzB6E3qVjyb/Q==`,
  `${id}|3|${key}||pw&VD1O`,
  `${id}|3|${key}||pw`,
  `${id}|3|${key}||pw&VD1O+q12YlzB6E3qVjyb/Q==&100`,
  `${id}|3|${key}||pw&VD1O+q12YlzB6E3qVjyb/Q==&`,
  `${id}|3|${key}||pw&VD1O+q12YlzB6E3qVjyb/Q==&1&p&x`,
])("%s is refused with invalidTruncatedReference", (text) => {
  expect(codeOf(readReference(truncated(text)))).toBe(invalid);
});

test.for([
  `http://x/r/${id}`,
  `http://x/r/${id}#`,
  `http://x/s/${id}#${truncated(`3|${key}||`)}`,
  `http:///r/${id}#${truncated(`3|${key}||`)}`,
  `http://x/r/RLTa#${truncated(`3|${key}||`)}`,
  `http://x/r/${id}#${truncated(`3|${key}|`)}`,
  `https://x|y/r/${id}#${truncated(`3|${key}||`)}`,
])("the link %s is refused with invalidTruncatedReference", (text) => {
  expect(codeOf(readReference(text))).toBe(invalid);
});

test("any text may be read, and nothing is thrown", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.constantFrom("", "http", "http://x/r/"), (text, before) => {
      expect(codeOf(readReference(before + text))).toBe(invalid);
      expect(codeOf(readReference(truncated(`${id}|3|${text}`)))).toBe(invalid);
    }),
  );
  expect(codeOf(readReference("A".repeat(100_000)))).toBe(invalid);
});

test("a reference for one identity is for the address that ends with its four characters", () => {
  const reference = { id, secretKey: key, forIdentityTruncated: "22aa" };

  expect(isReferenceFor(reference, "did:e:localhost:dids:0000000000000000000022aa")).toBe(true);
  expect(isReferenceFor(reference, "did:e:localhost:dids:0000000000000000000022ab")).toBe(false);
  expect(isReferenceFor({ id, secretKey: key }, "anybody")).toBe(true);
});
