// Who carries out which route.
import type { contract } from "./contract.ts";
import type { HandlersOf } from "./handler.ts";
import { accountHandlers } from "./handlers/account.ts";
import { challengeHandlers } from "./handlers/challenges.ts";
import { identityDeletionHandlers } from "./handlers/identity-deletion.ts";
import { identityMetadataHandlers } from "./handlers/identity-metadata.ts";
import { insightHandlers } from "./handlers/insight.ts";
import { messageHandlers } from "./handlers/messages.ts";
import { monitoringHandlers } from "./handlers/monitoring.ts";
import { noticeHandlers } from "./handlers/notices.ts";
import { openWorkHandlers } from "./handlers/open-work.ts";
import { incomingRequestHandlers } from "./handlers/requests-incoming.ts";
import { outgoingRequestHandlers } from "./handlers/requests-outgoing.ts";

/** One handler for every route of the contract. */
export const handlers: HandlersOf<typeof contract> = Object.freeze({
  ...accountHandlers,
  ...challengeHandlers,
  ...identityDeletionHandlers,
  ...identityMetadataHandlers,
  ...insightHandlers,
  ...messageHandlers,
  ...monitoringHandlers,
  ...noticeHandlers,
  ...openWorkHandlers,
  ...incomingRequestHandlers,
  ...outgoingRequestHandlers,
});
