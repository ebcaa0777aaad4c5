// `rapport check`: what it prints, and what it exits with.
import { describe, expect, test } from "vitest";
import { ran } from "./looked-back.ts";

describe("rapport check", () => {
  test("one scene as a table: its states, and that everything holds", async () => {
    const { exit, out, err } = await ran("check", "--scene", "waiting");

    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toMatch(/waiting +839 +8,029 +10 +complete/);
    expect(out).toContain("Everything holds");
  });

  test("the same for machines", async () => {
    const { exit, out } = await ran("check", "--scene", "waiting", "--json");

    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ states: 839, complete: true, scenes: [{ name: "waiting" }] });
  });

  test("a scene that does not exist is wrong input, and the names are said", async () => {
    const { exit, err } = await ran("check", "--scene", "nowhere");

    expect(exit).toBe(2);
    expect(err).toContain("handshake, both at once");
  });
});
