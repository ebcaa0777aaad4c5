// The contract of the Connector: every route there is, by name.
import { accountOperations } from "./operations/account.ts";
import { attributeOperations } from "./operations/attributes.ts";
import { newerAttributeOperations } from "./operations/attributes-newer.ts";
import { olderAttributeOperations } from "./operations/attributes-older.ts";
import { challengeOperations } from "./operations/challenges.ts";
import { deliveryOperations } from "./operations/deliveries.ts";
import { fileOperations } from "./operations/files.ts";
import { identityDeletionOperations } from "./operations/identity-deletion.ts";
import { identityMetadataOperations } from "./operations/identity-metadata.ts";
import { insightOperations } from "./operations/insight.ts";
import { messageOperations } from "./operations/messages.ts";
import { monitoringOperations } from "./operations/monitoring.ts";
import { noticeOperations } from "./operations/notices.ts";
import { openWorkOperations } from "./operations/open-work.ts";
import { relationshipChangeOperations } from "./operations/relationship-changes.ts";
import { relationshipOperations } from "./operations/relationships.ts";
import { incomingRequestOperations } from "./operations/requests-incoming.ts";
import { outgoingRequestOperations } from "./operations/requests-outgoing.ts";
import { templateOperations } from "./operations/templates.ts";
import { tokenOperations } from "./operations/tokens.ts";

/** Every route. Validation, OpenAPI and the typed client are derived from it. */
export const contract = Object.freeze({
  ...accountOperations,
  ...templateOperations,
  ...relationshipOperations,
  ...relationshipChangeOperations,
  ...fileOperations,
  ...tokenOperations,
  ...attributeOperations,
  ...newerAttributeOperations,
  ...olderAttributeOperations,
  ...challengeOperations,
  ...identityDeletionOperations,
  ...identityMetadataOperations,
  ...insightOperations,
  ...messageOperations,
  ...monitoringOperations,
  ...noticeOperations,
  ...openWorkOperations,
  ...deliveryOperations,
  ...incomingRequestOperations,
  ...outgoingRequestOperations,
});

/** The name of a route. */
export type OperationName = keyof typeof contract;
