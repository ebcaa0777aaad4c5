/**
 * What callers send, as schemas. They describe the protocol at HTTP edges, in tests and in docs; the relay's own checks
 * are hand-written because they run on every call (src/relay/fields.ts). Unknown members are ignored.
 */
import { z } from "zod";

const text = z.string();
const instant = z.iso.datetime();
const base64 = z.string().regex(/^[A-Za-z0-9_+/-]*={0,2}$/);
const count = z.number().int();
const listed = z.union([text, z.array(text)]);

/** Path parameters of every row that has some. */
export const idParams = z.object({ id: text });

/** Members that any list takes; names are compared without case. */
const page = { PageNumber: text.optional(), PageSize: text.optional() };
export const pageQuery = z.looseObject(page);
export const idsQuery = z.looseObject({ ...page, ids: listed });
export const optionalIdsQuery = z.looseObject({ ...page, ids: listed.optional() });
export const messageQuery = z.object({ noBody: text.optional() });
/** `templates.N.id` and `templates.N.password`, or the older `ids`. */
export const templatesQuery = z.looseObject({ ...page, ids: listed.optional() });
export const passwordQuery = z.object({ password: base64.optional() });
export const peerQuery = z.object({ peer: text });
export const languageQuery = z.object({ language: text.optional() });
export const usernameQuery = z.object({ username: text });
export const modificationsQuery = z.looseObject({ ...page, localIndex: text.optional() });

export const connectTokenBody = z.object({
  client_id: text.optional(),
  client_secret: text.optional(),
  grant_type: z.literal("password"),
  username: text,
  password: text,
});

export const emptyBody = z.object({});

export const createIdentityBody = z.object({
  clientId: text,
  clientSecret: text,
  identityPublicKey: base64,
  devicePassword: text,
  signedChallenge: z.object({ challenge: text, signature: base64 }),
  identityVersion: count,
  deviceCommunicationLanguage: text.nullish(),
});

export const createDeviceBody = z.object({
  devicePassword: text,
  signedChallenge: z.object({ challenge: text, signature: base64 }),
  isBackupDevice: z.boolean().nullish(),
  communicationLanguage: text.nullish(),
});
export const updateDeviceBody = z.object({ communicationLanguage: text });
export const registerPushNotificationsBody = z.object({
  platform: z.enum(["fcm", "apns", "dummy", "sse"]),
  handle: text,
  appId: text,
  environment: z.enum(["Development", "Production"]).nullish(),
});
/** Fractions of a day are allowed. */
export const startDeletionProcessBody = z.object({ lengthOfGracePeriodInDays: z.number().nonnegative().nullish() });

export const changePasswordBody = z.object({ oldPassword: text, newPassword: text });

/** Rapport's own operation: the highest epoch that this copy of the client's store knows. */
export const raiseEpochBody = z.object({ epoch: count.nonnegative(), sent: count.nonnegative() });

export const createTemplateBody = z.object({
  content: base64,
  expiresAt: instant.nullish(),
  maxNumberOfAllocations: count.positive().nullish(),
  forIdentity: text.nullish(),
  password: base64.nullish(),
});

export const createRelationshipBody = z.object({ relationshipTemplateId: text, creationContent: base64.nullish() });
export const answerRelationshipBody = z.object({ creationResponseContent: base64.nullish() });

export const createMessageBody = z.object({
  recipients: z.array(z.object({ address: text, encryptedKey: base64 })),
  body: base64,
  attachments: z.array(z.object({ id: text })).nullish(),
});

/** The text parts; the bytes are the part `content`. */
export const createFileBody = z.object({
  cipherHash: text,
  ownerSignature: text,
  expiresAt: instant.nullish(),
  encryptedProperties: base64,
});
export const ownershipTokenBody = z.object({ ownershipToken: text });
export const sendNotificationBody = z.object({ recipients: z.array(text), code: text });

export const createTokenBody = z.object({
  content: base64.nullish(),
  expiresAt: instant,
  forIdentity: text.nullish(),
  password: base64.nullish(),
});

export const updateTokenContentBody = z.object({ newContent: base64, password: base64.nullish() });

const modification = z.object({
  objectIdentifier: text,
  payloadCategory: text.nullish(),
  collection: text,
  type: z.enum(["Create", "Update", "Delete", "CacheChanged"]),
  encryptedPayload: base64.nullish(),
  datawalletVersion: count,
});

export const pushModificationsBody = z.object({ localIndex: count, modifications: z.array(modification) });

export const startSyncRunBody = z.object({
  type: z.enum(["ExternalEventSync", "DatawalletVersionUpgrade"]),
  duration: count.positive().nullish(),
});

export const finalizeExternalEventSyncBody = z.object({
  externalEventResults: z.array(z.object({ externalEventId: text, errorCode: text.nullish() })),
  datawalletModifications: z.array(modification),
});

export const finalizeDatawalletVersionUpgradeBody = z.object({
  newDatawalletVersion: count.positive(),
  datawalletModifications: z.array(modification),
});
