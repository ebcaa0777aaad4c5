import type { Row } from "./row.ts";

/** Codes of the relay about devices, the end of identities, Files and Notifications (spec/backbone-protocol.md 4, 5.4, 5.5). */
export const relayDeviceCodes = {
  "error.platform.validation.device.clientReachedIdentitiesLimit": {
    http: 400,
    exit: 6,
    retry: false,
    advice: "the client may not make more identities; ask the relay's operator",
  },
  "error.platform.validation.device.onlyOneBackupDeviceCanExist": {
    http: 400,
    exit: 5,
    retry: false,
    advice: "the identity has a backup device already",
  },
  "error.platform.validation.device.deviceCannotBeDeleted": {
    http: 400,
    exit: 5,
    retry: false,
    advice: "only devices of the own identity that never logged in can be deleted",
  },
  "error.platform.validation.device.onlyOneActiveDeletionProcessAllowed": {
    http: 400,
    exit: 5,
    retry: false,
    advice: "the deletion of the identity was started before; cancel it first",
  },
  "error.platform.validation.device.deletionProcessIsNotInRequiredStatus": {
    http: 400,
    exit: 5,
    retry: false,
    advice: "the deletion process has ended",
  },
  "error.platform.validation.device.gracePeriodHasAlreadyExpired": {
    http: 400,
    exit: 5,
    retry: false,
    advice: "the grace period is over; the identity is being erased",
  },
  "error.platform.validation.invalidDeviceCommunicationLanguage": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "give a two-letter language code (ISO 639-1)",
  },
  "error.platform.validation.file.cannotClaimOwnershipOfOwnFile": {
    http: 400,
    exit: 5,
    retry: false,
    advice: "the File is your own already",
  },
  "error.platform.validation.notification.codeDoesNotExist": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the relay's operator has not configured this notification code",
  },
  "error.platform.validation.notification.noRelationshipToOneOrMoreRecipientsExists": {
    http: 400,
    exit: 5,
    retry: false,
    advice: "there is no Relationship with a recipient",
  },
  "error.platform.validation.notification.relationshipToRecipientIsNotInCorrectStatus": {
    http: 400,
    exit: 5,
    retry: false,
    advice: "the Relationship with a recipient has ended",
  },
} as const satisfies Record<string, Row>;
