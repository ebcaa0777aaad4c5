import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryDisk, createMemoryStore, memoryStorage } from "rapport/plugins/storage-memory";
import { onTestFinished } from "vitest";
import { parseStoreChoice, type StoreChoice } from "../../../src/apps/cli/store-choice.ts";
import { runStory } from "../../../src/apps/cli/story.ts";

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rapport-story-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A template file in a folder of its own. */
export function templateFile(content: unknown): string {
  const file = join(temporaryFolder(), "my.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

/** The names in a folder. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).toSorted();
}

/** A pair of stores in memory that outlives a telling, as files do. */
export function keptInMemory(): StoreChoice {
  const [engine, relay] = [createMemoryDisk(), createMemoryDisk()];
  return {
    name: "memory",
    files: { engine: "disk", relay: "disk.relay" },
    plugin: () => memoryStorage({ disk: engine }),
    relayStore: () => createMemoryStore({ disk: relay }),
  };
}

export interface Telling {
  readonly store?: string | StoreChoice;
  readonly template?: string;
  readonly json?: boolean;
  readonly width?: number;
  /** Hears every line; throwing ends the story there. */
  readonly hear?: (line: string) => void;
}

/** The story in this process, with the lines that it wrote. */
export async function tell({ store = "memory", template, json = false, width = 80, hear }: Telling = {}) {
  const lines: string[] = [];
  const options = {
    store: typeof store === "string" ? parseStoreChoice(store) : store,
    json,
    width,
    colour: false,
    ...(template === undefined ? {} : { template }),
  };
  const told = await runStory(options, (line) => {
    lines.push(line);
    hear?.(line);
  });
  return { ...told, lines };
}

/** A template with one item of every kind, and every kind of form field, within tight bounds. */
export function everyKind(marker: string) {
  const field = (settings: object, mustBeAccepted = true) => ({
    "@type": "FormFieldRequestItem",
    title: `${marker} field`,
    settings,
    mustBeAccepted,
  });
  return {
    "@type": "RelationshipTemplateContent",
    title: `${marker} title`,
    onNewRelationship: {
      "@type": "Request",
      items: [
        { "@type": "AuthenticationRequestItem", title: `${marker} authentication`, mustBeAccepted: true },
        { "@type": "ConsentRequestItem", consent: `${marker} consent`, mustBeAccepted: true },
        {
          "@type": "RequestItemGroup",
          items: [
            field({ "@type": "BooleanFormFieldSettings" }),
            field({ "@type": "DateFormFieldSettings" }),
            field({ "@type": "DoubleFormFieldSettings", min: 0.1, max: 0.2 }),
            field({ "@type": "IntegerFormFieldSettings", min: 7, max: 7 }),
            field({ "@type": "RatingFormFieldSettings", maxRating: 5 }),
            field({ "@type": "SelectionFormFieldSettings", options: ["red", "green", "blue"] }),
            field({ "@type": "SelectionFormFieldSettings", options: ["one"], allowMultipleSelection: true }),
            field({ "@type": "StringFormFieldSettings", min: 3, max: 4 }),
            field({ "@type": "StringFormFieldSettings", min: 30, max: 40 }),
            field({ "@type": "StringFormFieldSettings", max: 0 }, false),
          ],
        },
      ],
    },
  };
}
