import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

/** Files and who owns them. */
export const fileOperations = {
  createFile: {
    method: "POST",
    path: "/api/v2/Files",
    auth: "bearer",
    success: 201,
    sends: "multipart",
    body: schemas.createFileBody,
    errors: ["error.platform.quotaExhausted"],
  },
  listFiles: {
    method: "GET",
    path: "/api/v2/Files",
    auth: "bearer",
    success: 200,
    query: schemas.optionalIdsQuery,
    errors: ["error.platform.validation.pagination.invalidPageSize"],
  },
  getFileContent: {
    method: "GET",
    path: "/api/v2/Files/{id}",
    auth: "bearer",
    success: 200,
    answers: "bytes",
    params: schemas.idParams,
    errors: ["error.platform.recordNotFound"],
  },
  getFile: {
    method: "GET",
    path: "/api/v2/Files/{id}/Metadata",
    auth: "bearer",
    success: 200,
    params: schemas.idParams,
    errors: ["error.platform.recordNotFound"],
  },
  deleteFile: {
    method: "DELETE",
    path: "/api/v2/Files/{id}",
    auth: "bearer",
    success: 204,
    params: schemas.idParams,
    errors: ["error.platform.recordNotFound", "error.platform.forbidden"],
  },
  validateFileOwnershipToken: {
    method: "POST",
    path: "/api/v2/Files/{id}/ValidateOwnershipToken",
    auth: "bearer",
    success: 200,
    params: schemas.idParams,
    body: schemas.ownershipTokenBody,
    errors: ["error.platform.recordNotFound"],
  },
  regenerateFileOwnershipToken: {
    method: "PATCH",
    path: "/api/v2/Files/{id}/RegenerateOwnershipToken",
    auth: "bearer",
    success: 200,
    params: schemas.idParams,
    body: schemas.emptyBody,
    errors: ["error.platform.recordNotFound", "error.platform.forbidden"],
  },
  claimFileOwnership: {
    method: "PATCH",
    path: "/api/v2/Files/{id}/ClaimOwnership",
    auth: "bearer",
    success: 200,
    params: schemas.idParams,
    body: schemas.ownershipTokenBody,
    errors: [
      "error.platform.recordNotFound",
      "error.platform.forbidden",
      "error.platform.validation.file.cannotClaimOwnershipOfOwnFile",
    ],
  },
} as const satisfies Record<string, Operation>;
