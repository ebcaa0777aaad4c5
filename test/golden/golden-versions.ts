// The golden folders that there are, and what is in each.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "rapport/core";
import type { StorageKind } from "./golden-places.ts";
import type { Told } from "./play-story.ts";
import type { Story, StoryLine } from "./story-lines.ts";
import { fromLines, type WireLine } from "./wire-journal.ts";

const here = new URL(".", import.meta.url).pathname;

/** Every release that golden data is kept of. */
export const goldenVersions: readonly string[] = readdirSync(here).filter((name) => /^\d+\.\d+\.\d+$/.test(name));

/** The folder of a release. */
export const goldenFolder = (version: string): string => join(here, version);

/** The story that a release was recorded from, and what each line led to. */
export function goldenStory(version: string): { readonly story: Story; readonly told: readonly Told[] } {
  const [plan, ...played] = linesOf<Omit<Story, "lines"> | { line: StoryLine; told: Told }>(version, "story.jsonl");
  const lines = played as { line: StoryLine; told: Told }[];
  const story = { ...(plan as Omit<Story, "lines">), lines: lines.map(({ line }) => line) };
  return { story, told: lines.map(({ told }) => told) };
}

/** What the release's engines and relay said to each other. */
export const goldenWire = (version: string): WireLine[] => linesOf(version, "wire.jsonl");

/** What the doors of the release showed, and when that was. */
export function goldenViews(version: string, kind: StorageKind): { readonly endedAt: string; readonly views: Json[] } {
  const [head, ...views] = linesOf<Json>(version, `${kind}/views.jsonl`);
  return { endedAt: String((head as { endedAt?: unknown }).endedAt), views };
}

function linesOf<T>(version: string, file: string): T[] {
  return fromLines<T>(readFileSync(join(goldenFolder(version), file), "utf8"));
}
