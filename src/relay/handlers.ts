import type { OperationName } from "../wire/operations.ts";
import { connectToken } from "./access.ts";
import { changePassword, createChallenge, createIdentity, getChallenge, getDevice, raiseEpoch } from "./accounts.ts";
import { listAnnouncements } from "./announcements.ts";
import { type Handler, type OpenHandler, work } from "./asked.ts";
import { getDatawallet, listModifications, pushModifications } from "./datawallet.ts";
import {
  createDevice,
  deleteDevice,
  deletePushNotifications,
  listDevices,
  registerPushNotifications,
  updateDevice,
} from "./devices.ts";
import { answerOnly } from "./draft.ts";
import { claimFileOwnership, regenerateFileOwnershipToken, validateFileOwnershipToken } from "./file-ownership.ts";
import { createFile, deleteFile, getFile, getFileContent, listFiles } from "./files.ts";
import {
  cancelDeletionProcess,
  getDeletionProcess,
  isIdentityDeleted,
  listDeletionProcesses,
  startDeletionProcess,
} from "./identity-deletion.ts";
import { createMessage, getMessage, listMessages } from "./messages.ts";
import { getTags, listPublicTemplateReferences, openEventStream, sendNotification } from "./notices.ts";
import { listQuotas } from "./quotas.ts";
import { canCreateRelationship, createRelationship, getRelationship, listRelationships } from "./relationships.ts";
import { finalizeDatawalletVersionUpgrade, finalizeExternalEventSync } from "./sync-finalize.ts";
import { getSyncRun, listExternalEvents, refreshSyncRun, startSyncRun } from "./sync-runs.ts";
import { createTemplate, deleteTemplate, getTemplate, listTemplates } from "./templates.ts";
import { createToken, deleteToken, getToken, listTokens, updateTokenContent } from "./tokens.ts";
import {
  acceptReactivation,
  acceptRelationship,
  decomposeRelationship,
  rejectReactivation,
  rejectRelationship,
  requestReactivation,
  revokeReactivation,
  revokeRelationship,
  terminateRelationship,
} from "./transitions.ts";

/** What published clients of generation 7 ask for. */
const majorVersion = "7";

const getVersion: OpenHandler = () => work({ gather: async () => undefined, plan: () => answerOnly({ majorVersion }) });

/** Operations that anybody may call. */
export const openHandlers = Object.freeze({
  connectToken,
  getVersion,
  createChallenge,
  createIdentity,
  isIdentityDeleted,
  createToken,
  getToken,
  getTags,
} satisfies { [name in OperationName]?: OpenHandler });

/** Operations that need a caller. */
export const handlers: Readonly<Partial<Record<Exclude<OperationName, keyof typeof openHandlers>, Handler>>> =
  Object.freeze({
    getChallenge,
    getDevice,
    changePassword,
    raiseEpoch,
    createDevice,
    listDevices,
    updateDevice,
    deleteDevice,
    registerPushNotifications,
    deletePushNotifications,
    startDeletionProcess,
    listDeletionProcesses,
    getDeletionProcess,
    cancelDeletionProcess,
    createTemplate,
    getTemplate,
    listTemplates,
    deleteTemplate,
    canCreateRelationship,
    createRelationship,
    getRelationship,
    listRelationships,
    acceptRelationship,
    rejectRelationship,
    revokeRelationship,
    terminateRelationship,
    requestReactivation,
    acceptReactivation,
    rejectReactivation,
    revokeReactivation,
    decomposeRelationship,
    createMessage,
    getMessage,
    listMessages,
    updateTokenContent,
    listTokens,
    deleteToken,
    createFile,
    listFiles,
    getFile,
    getFileContent,
    deleteFile,
    validateFileOwnershipToken,
    regenerateFileOwnershipToken,
    claimFileOwnership,
    getDatawallet,
    listModifications,
    pushModifications,
    startSyncRun,
    getSyncRun,
    refreshSyncRun,
    listExternalEvents,
    finalizeExternalEventSync,
    finalizeDatawalletVersionUpgrade,
    listAnnouncements,
    sendNotification,
    listQuotas,
    listPublicTemplateReferences,
    openEventStream,
  });
