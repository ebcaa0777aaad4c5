import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

/** Access tokens, challenges and identities. */
export const accountOperations = {
  connectToken: {
    method: "POST",
    path: "/connect/token",
    auth: "none",
    success: 200,
    sends: "form",
    answers: "raw",
    body: schemas.connectTokenBody,
    errors: ["error.platform.unauthorized"],
  },
  getVersion: { method: "GET", path: "/api/v2/Version", auth: "none", success: 200, errors: [] },
  createChallenge: {
    method: "POST",
    path: "/api/v2/Challenges",
    auth: "optional",
    success: 201,
    body: schemas.emptyBody,
    errors: ["error.platform.quotaExhausted"],
  },
  getChallenge: {
    method: "GET",
    path: "/api/v2/Challenges/{id}",
    auth: "bearer",
    success: 200,
    params: schemas.idParams,
    errors: ["error.platform.recordNotFound"],
  },
  createIdentity: {
    method: "POST",
    path: "/api/v2/Identities",
    auth: "none",
    success: 201,
    body: schemas.createIdentityBody,
    errors: [
      "error.platform.unauthorized",
      "error.platform.recordNotFound",
      "error.platform.validation.device.invalidSignature",
      "error.platform.validation.device.challengeHasExpired",
      "error.platform.validation.device.addressAlreadyExists",
      "error.platform.validation.device.clientReachedIdentitiesLimit",
      "error.platform.validation.invalidDeviceCommunicationLanguage",
    ],
  },
  isIdentityDeleted: {
    method: "GET",
    path: "/api/v2/Identities/IsDeleted",
    auth: "none",
    success: 200,
    query: schemas.usernameQuery,
    errors: [],
  },
} as const satisfies Record<string, Operation>;
