import { describe, expect, test } from "vitest";
import { isScope, scopeCatalogue, scopesOpen } from "../../../../src/apps/connector/access/scopes.ts";

describe("scopes", () => {
  test.for([
    ["core:files", "core:files", true],
    ["core:files", "core:file", false],
    ["core:requests", "core:requests:incoming", false],
    ["*", "core:files", false],
    ["core:*", "core:files", true],
    ["core:*", "core:requests:incoming", false],
    ["core:*", "core", false],
    ["*:files", "core:files", true],
    ["core:*:incoming", "core:requests:incoming", true],
    ["**", "core:requests:incoming", true],
    ["core:**", "core:files", true],
    ["core:**", "core:requests:incoming", true],
    ["core:**", "core", false],
    ["**:incoming", "core:requests:incoming", true],
    ["**:incoming", "core:requests:outgoing", false],
    ["core:**:incoming", "core:incoming", false],
    ["monitoring:**", "core:files", false],
    ["", "core:files", false],
  ] as const)("%j opens %j: %s", ([held, wanted, opens]) => {
    expect(scopesOpen([held], [wanted])).toBe(opens);
  });

  test("one of those held opens one of those wanted", () => {
    const wanted = ["core:requests", "core:requests:incoming"];

    expect(scopesOpen(["core:files", "core:requests:incoming"], wanted)).toBe(true);
    expect(scopesOpen([], wanted)).toBe(false);
    expect(scopesOpen(["**"], [])).toBe(false);
  });

  test("every scope that a route asks for is in the catalogue, and can be held", () => {
    expect(scopeCatalogue).toContain("debug:identityDeletionProcess");
    expect(scopeCatalogue.filter((scope) => !isScope(scope))).toEqual([]);
    expect(["core:*", "**", "a:**:b"].every(isScope)).toBe(true);
    expect(["", "core:", "core files", "core:***", "co*"].some(isScope)).toBe(false);
  });
});
