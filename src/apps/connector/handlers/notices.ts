// What the relay's operator tells, and waking peers with it (spec/connector-api.md 1.12).
import type { AnnouncementView, NewBackboneNotification } from "rapport";
import type { JsonObject } from "rapport/core";
import { type HandlersOf, nothing, result } from "../handler.ts";
import type { noticeOperations } from "../operations/notices.ts";

/** Carries out the routes of announcements and backbone notifications. */
export const noticeHandlers: HandlersOf<typeof noticeOperations> = {
  getAnnouncements: async ({ account, query: { language = "" } }) =>
    result((await account.announcements.list({ language: String(language) })).map(shown)),
  sendBackboneNotification: async ({ account, body, command }) => {
    // The contract has checked the shape, and the engine checks it again.
    await account.backboneNotifications.send(body as unknown as NewBackboneNotification, command);
    return nothing;
  },
};

function shown({ id, createdAt, expiresAt, severity, title, body, actions }: AnnouncementView): JsonObject {
  const told = { id, createdAt, severity, title, body };
  const buttons = actions.map(({ displayName, link }) => ({ displayName, link }));
  return { ...told, ...(expiresAt === undefined ? {} : { expiresAt }), actions: buttons };
}
