// Who carries out which route.
import type { contract } from "./contract.ts";
import type { HandlersOf } from "./handler.ts";
import { accountHandlers } from "./handlers/account.ts";
import { attributeHandlers } from "./handlers/attributes.ts";
import { newerAttributeHandlers } from "./handlers/attributes-newer.ts";
import { olderAttributeHandlers } from "./handlers/attributes-older.ts";
import { challengeHandlers } from "./handlers/challenges.ts";
import { deliveryHandlers } from "./handlers/deliveries.ts";
import { fileHandlers } from "./handlers/files.ts";
import { identityDeletionHandlers } from "./handlers/identity-deletion.ts";
import { identityMetadataHandlers } from "./handlers/identity-metadata.ts";
import { insightHandlers } from "./handlers/insight.ts";
import { messageHandlers } from "./handlers/messages.ts";
import { monitoringHandlers } from "./handlers/monitoring.ts";
import { noticeHandlers } from "./handlers/notices.ts";
import { openWorkHandlers } from "./handlers/open-work.ts";
import { relationshipChangeHandlers } from "./handlers/relationship-changes.ts";
import { relationshipHandlers } from "./handlers/relationships.ts";
import { incomingRequestHandlers } from "./handlers/requests-incoming.ts";
import { outgoingRequestHandlers } from "./handlers/requests-outgoing.ts";
import { templateHandlers } from "./handlers/templates.ts";
import { tokenHandlers } from "./handlers/tokens.ts";

/** One handler for every route of the contract. */
export const handlers: HandlersOf<typeof contract> = Object.freeze({
  ...accountHandlers,
  ...templateHandlers,
  ...relationshipHandlers,
  ...relationshipChangeHandlers,
  ...fileHandlers,
  ...tokenHandlers,
  ...attributeHandlers,
  ...newerAttributeHandlers,
  ...olderAttributeHandlers,
  ...challengeHandlers,
  ...identityDeletionHandlers,
  ...identityMetadataHandlers,
  ...insightHandlers,
  ...messageHandlers,
  ...monitoringHandlers,
  ...noticeHandlers,
  ...openWorkHandlers,
  ...deliveryHandlers,
  ...incomingRequestHandlers,
  ...outgoingRequestHandlers,
});
