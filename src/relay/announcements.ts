/** Announcements of the operator, to everybody or to some (spec/backbone-protocol.md 5.5). Clients ask for them. */
import { unwrap } from "../errors/refusal.ts";
import { announcementsMax } from "../limits.ts";
import { isId, newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import type { Stored } from "../ports/store.ts";
import { type Reads, takeTurn } from "../turn/turn.ts";
import type { WireAnnouncement } from "../wire/shapes.ts";
import type { Announcement, NewAnnouncement, RelayAdmin } from "./admin.ts";
import { announcementIn } from "./admin-input.ts";
import { type Handler, queryText, work } from "./asked.ts";
import type { Desk } from "./desk.ts";
import { answerOnly } from "./draft.ts";
import { announcementCounter, announcementKey, announcementPath } from "./notice-documents.ts";

/** For everybody or for the caller, not over; oldest first, in the asked language or else in English. */
export const listAnnouncements: Handler = (asked, _desk, caller) => {
  const language = queryText(asked, "language")?.toLowerCase() ?? "en";
  return work({
    gather: async (reads) => {
      const shown: WireAnnouncement[] = [];
      for await (const { document } of all(reads)) {
        const { recipients = [] } = document;
        const isForCaller = recipients.length === 0 || recipients.includes(caller.address);
        if (isForCaller && !isOver(document, asked.nowMs)) shown.push(wireAnnouncement(document, language));
      }
      return shown;
    },
    plan: (shown) => answerOnly(shown),
  });
};

/** What the operator does with announcements. */
export function createAnnouncements(desk: Desk): RelayAdmin["announcements"] {
  return Object.freeze<RelayAdmin["announcements"]>({
    create: async (given) => {
      const nowMs = desk.clock.now();
      const content = announcementIn(given, desk, nowMs);
      return put(desk, { ...content, id: newId("ANC", desk.entropy), createdAt: instantOf(nowMs) }, nowMs);
    },
    list: async () => {
      const listed: Announcement[] = [];
      for await (const { document } of all(desk.store)) listed.push(document);
      return listed;
    },
    delete: async (id) => {
      if (!isId(id, "ANC")) return false;
      const taken = await takeTurn(desk, {
        gather: (reads) => reads.get<Announcement>(announcementKey(id)),
        plan: (stored) => {
          if (stored === undefined) return { ok: true, value: { value: false } };
          return {
            ok: true,
            value: { value: true, deletes: [stored.key], adds: [{ counter: announcementCounter, by: -1 }] },
          };
        },
      });
      return unwrap(taken);
    },
  });
}

/** Those that are over make room. They are read so that two who see the same ones count them once. */
async function put(desk: Desk, announcement: Announcement, nowMs: number): Promise<Announcement> {
  const taken = await takeTurn(desk, {
    gather: async (reads) => {
      const over: string[] = [];
      for await (const { key, document } of all(reads)) {
        if (isOver(document, nowMs) && (await reads.get(key)) !== undefined) over.push(key);
      }
      return over;
    },
    plan: (over) => ({
      ok: true,
      value: {
        value: announcement,
        puts: [{ key: announcementKey(announcement.id), document: announcement, expect: "absent" as const }],
        deletes: over,
        adds: [{ counter: announcementCounter, by: 1 - over.length, atMost: announcementsMax }],
        exhausted: () => tooMany,
      },
    }),
  });
  return unwrap(taken);
}

const tooMany = {
  code: "limit.reached",
  message: `There are ${announcementsMax} announcements. Delete some first.`,
} as const;

function all({ find }: Pick<Reads, "find">): AsyncIterable<Stored<Announcement>> {
  return find<Announcement>({ under: announcementPath });
}

function isOver({ expiresAt }: NewAnnouncement, nowMs: number): boolean {
  return typeof expiresAt === "string" && Date.parse(expiresAt) <= nowMs;
}

function wireAnnouncement(announcement: Announcement, language: string): WireAnnouncement {
  const { id, createdAt, severity, expiresAt = null, iqlQuery = null, texts, actions = [] } = announcement;
  const { title, body } = inLanguage(texts, language);
  const shown = actions.map(({ link, displayNames }) => ({ displayName: inLanguage(displayNames, language), link }));
  return { id, createdAt, expiresAt, severity, title, body, iqlQuery, actions: shown };
}

function inLanguage<T>(values: { readonly [language: string]: T; readonly en: T }, language: string): T {
  const value = Object.hasOwn(values, language) ? values[language] : undefined;
  return value ?? values.en;
}
