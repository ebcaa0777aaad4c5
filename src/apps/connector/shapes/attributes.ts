// Shapes of attributes (spec/connector-api.md 1.11, 1.13, 1.14).
import { z } from "zod";
import { address, anyObject, instant } from "./values.ts";

const deletionInfo = z.strictObject({ deletionStatus: z.string(), deletionDate: instant });

/** An attribute as clients see it: members of both generations. */
export const attribute = z.looseObject({
  id: z.string(),
  createdAt: instant,
  content: anyObject,
  succeeds: z.string().optional(),
  succeededBy: z.string().optional(),
  isDefault: z.literal(true).optional(),
  shareInfo: anyObject.optional(),
  deletionInfo: deletionInfo.optional(),
});

/** A version and the one that took its place. */
export const succession = z.strictObject({
  predecessor: attribute,
  successor: attribute,
  notificationId: z.string().optional(),
});

/** What one peer was given. */
export const forwardingDetails = z.looseObject({
  peer: address,
  sourceReference: z.string(),
  sharedAt: instant,
  deletionInfo: deletionInfo.optional(),
});

/** Whether something may be created; the negative answer is a result, too. */
export const possible = z.strictObject({
  isSuccess: z.boolean(),
  code: z.string().optional(),
  message: z.string().optional(),
});

const contentFields = [
  "content.@type",
  "content.tags",
  "content.owner",
  "content.validFrom",
  "content.validTo",
  "content.key",
  "content.isTechnical",
  "content.confidentiality",
  "content.value.@type",
];
const lineFields = ["id", "createdAt", "succeeds", "succeededBy", "isDefault"];
const deletionFields = ["deletionInfo", "deletionInfo.deletionStatus", "deletionInfo.deletionDate"];
const olderFields = [
  "parentId",
  "shareInfo",
  "shareInfo.requestReference",
  "shareInfo.notificationReference",
  "shareInfo.peer",
  "shareInfo.sourceAttribute",
  "shareInfo.thirdPartyAddress",
];
const newerFields = ["@type", "wasViewedAt", "peer", "sourceReference", "initialAttributePeer"];

/** What attributes can be asked by, in the words of both generations. */
export const attributeFields: readonly string[] = [
  ...lineFields,
  ...contentFields,
  ...deletionFields,
  ...olderFields,
  ...newerFields,
];

const sharedFields = attributeFields.filter((field) => field !== "peer" && field !== "content.owner");

/** The same where owner and peer are said otherwise, and once more with the `query.` that the types of client 6.7.0 have. */
export const prefixedFields: readonly string[] = sharedFields.flatMap((field) => [field, `query.${field}`]);
