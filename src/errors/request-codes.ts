import type { Row } from "./row.ts";

/** Codes of Requests and their items (spec/domain.md 10). */
export const requestCodes = {
  "error.consumption.requests.cannotShareRequestWithYourself": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the peer is yourself; choose another",
  },
  "error.consumption.requests.cannotCreateRequestWithExpirationDateInPast": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "let the Request expire in the future",
  },
  "error.consumption.requests.missingRelationship": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "there is no Relationship with this peer; establish one first",
  },
  "error.consumption.requests.wrongRelationshipStatus": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the Relationship with this peer has a status that does not allow this",
  },
  "error.consumption.requests.peerIsInDeletion": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the peer is about to be deleted",
  },
  "error.consumption.requests.peerIsDeleted": { http: 400, exit: 2, retry: false, advice: "the peer was deleted" },
  "error.consumption.requests.validation.inheritedFromItem": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "an item below failed; see `items`",
  },
  "error.consumption.requests.invalidRequestItem": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the item itself is not permissible; the message says why",
  },
  "error.consumption.requests.invalidAcceptParameters": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the parameters of this item are not permissible; the message says why",
  },
  "error.consumption.requests.violatedKeyUniquenessOfRelationshipAttributes": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "two items would create RelationshipAttributes with the same key, owner and value type",
  },
  "error.consumption.requests.cannotCreateRequestWithDuplicateId": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "a Request with this id was received before",
  },
  "error.consumption.requests.canOnlyDeleteIncomingRequestThatIsExpired": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "only an Expired incoming LocalRequest can be deleted",
  },
  "error.consumption.requests.servalErrorDuringRequestItemProcessing": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the parameters of this item cannot be parsed; the message names the member",
  },
  "error.consumption.requests.unexpectedErrorDuringRequestItemProcessing": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the item's kind failed while judging it; see the message",
  },
  "error.consumption.requests.decide.validation.invalidNumberOfItems": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "give exactly one decision per item, in order",
  },
  "error.consumption.requests.decide.validation.requestItemAnsweredAsRequestItemGroup": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "this is an item: answer it with `accept`, not with `items`",
  },
  "error.consumption.requests.decide.validation.requestItemGroupAnsweredAsRequestItem": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "this is a group: answer it with `items`, one per child",
  },
  "error.consumption.requests.decide.validation.itemAcceptedButRequestNotAccepted": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "an item cannot be accepted while the Request is rejected",
  },
  "error.consumption.requests.decide.validation.itemAcceptedButParentNotAccepted": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "an item cannot be accepted while its parent is rejected (older generation)",
  },
  "error.consumption.requests.decide.validation.mustBeAcceptedItemNotAccepted": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "this item must be accepted if the Request is",
  },
} as const satisfies Record<string, Row>;
