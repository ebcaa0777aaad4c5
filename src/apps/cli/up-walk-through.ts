// What people copy and paste after `rapport up`: the way to an active Relationship with curl and a shell.
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { House } from "./up-house.ts";
import { decisions, libraryCard } from "./up-offers.ts";

/** The commands, line by line, and the file that they are in, too. */
export interface WalkThrough {
  readonly file: string;
  readonly lines: readonly string[];
}

/** Only the user may read it: it has the keys. */
const ownFile = 0o600;

/** Writes the file. */
export function writeWalkThrough(house: House): WalkThrough {
  const lines = [...variables(house), ...farewell, ...welcome];
  const file = join(house.folder, "walk-through.sh");
  // Somebody's shell may still be reading the one of an earlier start.
  writeFileSync(`${file}.new`, `${lines.join("\n")}\n`, { mode: ownFile });
  renameSync(`${file}.new`, file);
  return { file, lines };
}

// Quotes around every address and no comments: an interactive zsh reads ? and # in ways of its own.
function variables({ residents: { library, mara } }: House): readonly string[] {
  return [
    `LIBRARY='${library.url}/api/v2'`,
    `LIBRARY_KEY='X-API-KEY: ${library.apiKey}'`,
    `MARA='${mara.url}/api/v2'`,
    `MARA_KEY='X-API-KEY: ${mara.apiKey}'`,
    `JSON='Content-Type: application/json'`,
    `pick() { grep -o "\\"$1\\":\\"$2[^\\"]*" | head -n 1 | cut -d '"' -f 4; }`,
  ];
}

/** The two have to part before they can meet anew. */
const farewell: readonly string[] = [
  "",
  'RELATIONSHIP_ID=$(curl -sS -H "$LIBRARY_KEY" "$LIBRARY/Relationships?status=Active" | pick id REL)',
  'if [ -n "$RELATIONSHIP_ID" ]; then',
  '  echo "0. The library ends the Relationship there is, and both sides erase it"',
  '  curl -sS -o /dev/null -w "   ended %{http_code}\\n" -X PUT -H "$LIBRARY_KEY" "$LIBRARY/Relationships/$RELATIONSHIP_ID/Terminate"',
  '  curl -sS -o /dev/null -X POST -H "$MARA_KEY" "$MARA/Account/Sync"',
  '  curl -sS -o /dev/null -w "   erased by Mara %{http_code}\\n" -X DELETE -H "$MARA_KEY" "$MARA/Relationships/$RELATIONSHIP_ID"',
  '  curl -sS -o /dev/null -X POST -H "$LIBRARY_KEY" "$LIBRARY/Account/Sync"',
  '  curl -sS -o /dev/null -w "   erased by the library %{http_code}\\n" -X DELETE -H "$LIBRARY_KEY" "$LIBRARY/Relationships/$RELATIONSHIP_ID"',
  "fi",
];

const welcome: readonly string[] = [
  "",
  'echo "1. The library publishes a template"',
  `TEMPLATE=$(curl -sS -X POST -H "$LIBRARY_KEY" -H "$JSON" "$LIBRARY/RelationshipTemplates/Own" -d '${JSON.stringify(libraryCard())}')`,
  'TEMPLATE_ID=$(printf %s "$TEMPLATE" | pick id RLT)',
  'REFERENCE=$(printf %s "$TEMPLATE" | pick truncatedReference UkxU)',
  'echo "   $TEMPLATE_ID, and the reference to hand over: $REFERENCE"',
  "",
  'echo "2. Mara loads it by its reference, and finds a Request that waits for her"',
  'curl -sS -o /dev/null -X POST -H "$MARA_KEY" -H "$JSON" "$MARA/RelationshipTemplates/Peer" -d "{\\"reference\\":\\"$REFERENCE\\"}"',
  'REQUEST_ID=$(curl -sS -H "$MARA_KEY" "$MARA/Requests/Incoming?source.reference=$TEMPLATE_ID" | pick id REQ)',
  'echo "   $REQUEST_ID"',
  "",
  'echo "3. Mara accepts every item; the page /app does the same with buttons"',
  `curl -sS -o /dev/null -w "   accepted %{http_code}\\n" -X PUT -H "$MARA_KEY" -H "$JSON" "$MARA/Requests/Incoming/$REQUEST_ID/Accept" -d '${JSON.stringify({ items: decisions })}'`,
  'RELATIONSHIP=$(curl -sS -H "$MARA_KEY" "$MARA/Relationships?template.id=$TEMPLATE_ID")',
  'RELATIONSHIP_ID=$(printf %s "$RELATIONSHIP" | pick id REL)',
  'CHANGE_ID=$(printf %s "$RELATIONSHIP" | pick id RCH)',
  'echo "   $RELATIONSHIP_ID $(printf %s "$RELATIONSHIP" | pick status Pending)"',
  "",
  'echo "4. The library hears of it and accepts"',
  'curl -sS -o /dev/null -X POST -H "$LIBRARY_KEY" "$LIBRARY/Account/Sync"',
  `curl -sS -o /dev/null -X PUT -H "$LIBRARY_KEY" -H "$JSON" "$LIBRARY/Relationships/$RELATIONSHIP_ID/Changes/$CHANGE_ID/Accept" -d '{"content":{"card":4711}}'`,
  'curl -sS -o /dev/null -X POST -H "$MARA_KEY" "$MARA/Account/Sync"',
  'echo "   $RELATIONSHIP_ID $(curl -sS -H "$MARA_KEY" "$MARA/Relationships/$RELATIONSHIP_ID" | pick status Active)"',
];
