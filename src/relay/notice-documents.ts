/** Shapes and keys of what the operator tells everybody, and of what identities have used (documents.ts has the rest). */
import type { WirePublicTemplateReference } from "../wire/shapes.ts";

/** Announcements are kept as the operator's object shows them (admin.ts). */
export const announcementPath = "relay/announcement";
export const announcementKey = (id: string): string => `${announcementPath}/${id}`;
export const announcementCounter = "relay/announcement-count/all";

/** What the operator sets as one whole. */
export type TagsDocument = { readonly text: string; readonly etag: string };
export const tagsKey = "relay/notice/tags";
export type NotificationCodesDocument = { readonly codes: readonly string[] };
export const notificationCodesKey = "relay/notice/notification-codes";
export type ReferencesDocument = { readonly references: readonly WirePublicTemplateReference[] };
export const referencesKey = (clientId: string): string => `relay/public-references/${clientId}`;

/** What an identity has used within one period. The counter's key says when the period ends, for the sweeper. */
export const usagePath = (address: string): string => `relay/usage/${address}`;
export const usageKey = (
  address: string,
  { metric, period, endsAtMs }: { readonly metric: string; readonly period: string; readonly endsAtMs: number },
): string => `${usagePath(address)}/${metric}.${period}.${endsAtMs}`;
/** When the period of this counter ends; NaN for a key that is none of a counter of use. */
export const usageEndOf = (key: string): number =>
  key.startsWith("relay/usage/") ? Number(key.slice(key.lastIndexOf(".") + 1)) : Number.NaN;
