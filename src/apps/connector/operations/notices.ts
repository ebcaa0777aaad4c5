// What the relay's operator tells, and waking peers with it (spec/connector-api.md 1.12).
import { z } from "zod";
import { table } from "../operation.ts";
import { address, instant } from "../shapes/values.ts";

const mounts = ["v2", "core"] as const;

const announcement = z.strictObject({
  id: z.string(),
  createdAt: instant,
  expiresAt: instant.optional(),
  severity: z.enum(["Low", "Medium", "High"]),
  title: z.string(),
  body: z.string(),
  actions: z.array(z.strictObject({ displayName: z.string(), link: z.string() })),
});

/** Routes of announcements and backbone notifications. */
export const noticeOperations = table({
  getAnnouncements: {
    tag: "Announcements",
    scopes: ["core:announcements"],
    mounts,
    method: "GET",
    path: "/Announcements",
    summary: "What the relay's operator tells in this language, or else in English.",
    query: z.strictObject({ language: z.string().regex(/^[a-z]{2}$/) }),
    success: 200,
    result: z.array(announcement),
  },
  sendBackboneNotification: {
    tag: "BackboneNotifications",
    scopes: ["core:backboneNotifications"],
    mounts,
    method: "POST",
    path: "/BackboneNotifications",
    summary: "Wakes the devices of peers with a text that the relay's operator has set up.",
    body: z.strictObject({ recipients: z.array(address).min(1), code: z.string().min(1) }),
    success: 204,
  },
});
