import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

/** What the relay tells everybody, and what wakes clients up. */
export const noticeOperations = {
  getTags: { method: "GET", path: "/api/v2/Tags", auth: "optional", success: 200, errors: [] },
  listAnnouncements: {
    method: "GET",
    path: "/api/v2/Announcements",
    auth: "bearer",
    success: 200,
    query: schemas.languageQuery,
    errors: [],
  },
  sendNotification: {
    method: "POST",
    path: "/api/v2/Notifications",
    auth: "bearer",
    success: 204,
    body: schemas.sendNotificationBody,
    errors: [
      "error.platform.validation.notification.codeDoesNotExist",
      "error.platform.validation.notification.noRelationshipToOneOrMoreRecipientsExists",
      "error.platform.validation.notification.relationshipToRecipientIsNotInCorrectStatus",
    ],
  },
  listQuotas: { method: "GET", path: "/api/v2/Quotas", auth: "bearer", success: 200, errors: [] },
  listPublicTemplateReferences: {
    method: "GET",
    path: "/api/poc/PublicRelationshipTemplateReferences",
    auth: "bearer",
    success: 200,
    errors: [],
  },
  openEventStream: {
    method: "GET",
    path: "/api/v1/sse",
    alias: "/api/v2/sse",
    auth: "bearer",
    success: 200,
    answers: "stream",
    errors: [],
  },
} as const satisfies Record<string, Operation>;
