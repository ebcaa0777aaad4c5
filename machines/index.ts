// The door "rapport/machines": what may happen, as data.
export type { Chart, Envelope, Kind, Leaf, RefusalCodes, Row, StateValue, Upgrade } from "./chart.ts";
export { pathOf } from "./chart.ts";
export type {
  OlderChange,
  OlderChangePart,
  RelationshipAuditEntry,
  RelationshipContext,
  RelationshipStatus,
  RelationshipTag,
  RelationshipValue,
} from "./relationship/context.ts";
export { olderChangeId, olderView, relationshipStatuses, statusOfRelationship } from "./relationship/context.ts";
export type {
  AnnounceRelationship,
  AppendAudit,
  RelationshipEffect,
  RelationshipExternalEvent,
  RelationshipLocalEvent,
  TellPeer,
} from "./relationship/effects.ts";
export { relationshipCreated } from "./relationship/effects.ts";
export type {
  RelationshipAuditReason,
  RelationshipFact,
  RelationshipFactType,
  RelationshipRole,
} from "./relationship/facts.ts";
export {
  factOfAuditReason,
  relationshipAuditReasons,
  relationshipFactTypes,
  relationshipRoles,
} from "./relationship/facts.ts";
export type { RelationshipEnvelope, RelationshipKind } from "./relationship/machine.ts";
export { createdRelationship, relationshipChart, relationshipMachine } from "./relationship/machine.ts";
export type { RelationshipCode } from "./relationship/refusals.ts";
export { refuseOlderChange } from "./relationship/refusals.ts";
export type {
  IncomingRequestContext,
  IncomingRequestStatus,
  IncomingRequestTag,
  IncomingRequestValue,
} from "./request-in/context.ts";
export { deadlineOfIncomingRequest, incomingRequestStatuses, statusOfIncomingRequest } from "./request-in/context.ts";
export type { AnnounceIncomingRequest, IncomingRequestChange, IncomingRequestEffect } from "./request-in/effects.ts";
export type { IncomingRequestFact, IncomingRequestFactType, ResponseSource } from "./request-in/facts.ts";
export { incomingRequestFactTypes } from "./request-in/facts.ts";
export type { IncomingRequestEnvelope, IncomingRequestKind } from "./request-in/machine.ts";
export { incomingRequestChart, incomingRequestMachine, receivedRequest } from "./request-in/machine.ts";
export type { IncomingRequestCode } from "./request-in/refusals.ts";
export type {
  OutgoingRequestContext,
  OutgoingRequestStatus,
  OutgoingRequestTag,
  OutgoingRequestValue,
} from "./request-out/context.ts";
export { outgoingRequestStatuses, statusOfOutgoingRequest } from "./request-out/context.ts";
export type { AnnounceOutgoingRequest, OutgoingRequestChange, OutgoingRequestEffect } from "./request-out/effects.ts";
export type { OutgoingRequestFact, OutgoingRequestFactType } from "./request-out/facts.ts";
export { outgoingRequestFactTypes } from "./request-out/facts.ts";
export type { OutgoingRequestEnvelope, OutgoingRequestKind } from "./request-out/machine.ts";
export { draftedRequest, outgoingRequestChart, outgoingRequestMachine } from "./request-out/machine.ts";
export type { OutgoingRequestCode } from "./request-out/refusals.ts";
