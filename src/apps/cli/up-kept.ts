// What `rapport up` remembers from start to start, in one file of its folder.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RapportError } from "rapport";
import { z } from "zod";

/** Who is there: the library asks, Mara answers. */
export const names = ["library", "mara"] as const;

/** One of them. */
export type Name = (typeof names)[number];

const keptShape = z.object({
  client: z.object({ id: z.string(), secret: z.string() }),
  keys: z.object({ library: z.string(), mara: z.string() }),
  ports: z.object({ relay: z.number(), library: z.number(), mara: z.number() }).optional(),
});

/** The client of the relay, the API keys, and the ports of the last time. */
export type Kept = z.infer<typeof keptShape>;

/** Only the user may read what is in the folder: there are keys among it. */
const ownFolder = 0o700;
const ownFile = 0o600;

/** Reads it, or makes it when the folder is new. */
export function readKept(folder: string): Kept {
  const file = fileIn(folder);
  const text = textOf(file);
  if (text === undefined)
    return { client: { id: "up", secret: secret() }, keys: { library: apiKey(), mara: apiKey() } };
  try {
    return keptShape.parse(JSON.parse(text));
  } catch (cause) {
    throw new RapportError("input.invalid", `${file} is not what "rapport up" writes. Choose another --folder.`, {
      cause,
    });
  }
}

/** Writes it as a whole or not at all. */
export function writeKept(folder: string, kept: Kept): void {
  const file = fileIn(folder);
  writeFileSync(`${file}.new`, `${JSON.stringify(kept, null, 2)}\n`, { mode: ownFile });
  renameSync(`${file}.new`, file);
}

/** Makes the folder. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: ownFolder });
  } catch (cause) {
    throw new RapportError("input.invalid", `The folder ${folder} cannot be made. Choose another --folder.`, { cause });
  }
}

function fileIn(folder: string): string {
  return join(folder, "up.json");
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new RapportError("input.invalid", `${file} cannot be read. Choose another --folder.`, { cause });
  }
}

const secretBytes = 24;

function secret(): string {
  return randomBytes(secretBytes).toString("base64url");
}

/** What a Connector asks of a key: length, digits, small and large letters, and something else. Fits into a URL as it is. */
function apiKey(): string {
  return `Up-Key-24-${secret()}`;
}
