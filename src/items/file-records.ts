import type { FileRecord } from "../model/file-record.ts";
import type { FileProperties } from "../sealed/file.ts";
import type { WireFile, WireUploadedFile } from "../wire/shapes.ts";

/** When a File expires of which nobody said so. */
export const fileExpiresAtDefault = "9999-12-31T00:00:00.000Z";

/** The record of a File that the relay has, as `self` sees it. */
export function fileRecord(self: string, wire: WireFile | WireUploadedFile, properties: FileProperties): FileRecord {
  const { id, owner, createdBy, createdByDevice, createdAt, expiresAt, ownershipIsLocked } = wire;
  return {
    id,
    isOwn: owner === self,
    owner,
    createdBy,
    ...(createdByDevice === null ? {} : { createdByDevice }),
    createdAt,
    expiresAt: expiresAt ?? fileExpiresAtDefault,
    ...properties,
    ...(ownershipIsLocked ? { ownershipIsLocked: true as const } : {}),
  };
}
