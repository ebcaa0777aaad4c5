/**
 * What a peer was given of an attribute, as an attribute of its own: so the first two generations have it, under the id of the
 * forwarding details (decision 10; spec/domain.md 6.1).
 */
import type { Account, AttributeCopy, CopiesAsked, Listed, LocalAttribute } from "rapport";
import { hasCode, type JsonObject } from "rapport/core";
import { extended } from "../profiles/extended.ts";
import type { Profile } from "../profiles/profile.ts";
import type { Terms } from "./rest-codes.ts";

/** An attribute as it is kept, or what a peer was given of one. */
export type Older = LocalAttribute | AttributeCopy;

/** True for what a peer was given. */
export function isCopy(one: Older): one is AttributeCopy {
  return "details" in one;
}

/** The attribute or copy of this id. Throws `error.runtime.recordNotFound`. */
export async function olderOf(account: Account, id: string): Promise<Older> {
  try {
    return await account.attributes.get(id);
  } catch (problem) {
    if (!hasCode(problem, "error.runtime.recordNotFound")) throw problem;
    return account.attributeCopies.get(id);
  }
}

/** As the profile shows it. */
export function shownIn(profile: Profile): (one: Older) => JsonObject {
  return (one) => {
    if (!isCopy(one)) return profile.attribute(one);
    const { attribute, details, succeeds, succeededBy } = one;
    return extended(profile.attribute(attribute, details), { succeeds, succeededBy });
  };
}

/** The copy that a peer was given of this version; the version itself where there is none. */
export async function copyFor(account: Account, version: LocalAttribute, asked: CopiesAsked): Promise<Older> {
  for await (const { view } of account.attributeCopies.each({ ...asked, attributeId: version.id })) {
    const copy = await view();
    if (copy.attribute.id === version.id) return copy;
  }
  return version;
}

/** True for what the identity itself says, false for what it passes on. */
export function isOwnedBy(one: Older, address: string): boolean {
  return (isCopy(one) ? one.attribute : one).content["owner"] === address;
}

/** True within the time that the content gives for itself; later generations have no such times. */
export function isValid(one: Older, now: string): boolean {
  const { validFrom = "", validTo = "9" } = (isCopy(one) ? one.attribute : one).content;
  return String(validFrom) <= now && now <= String(validTo);
}

/** The entries of several lists, one list after the other, of which this holds; `after` is the id of one of them. */
export async function* joined(
  lists: readonly AsyncIterable<Listed<Older>>[],
  keeps: ((one: Older) => boolean) | undefined,
  { limit = Number.POSITIVE_INFINITY, after }: { readonly limit?: number; readonly after?: string },
): AsyncGenerator<Listed<Older>, void, undefined> {
  let isBefore = after !== undefined;
  let given = 0;
  for (const list of lists)
    for await (const entry of list) {
      if (isBefore) isBefore = entry.id !== after;
      else if (keeps === undefined || keeps(await entry.view())) {
        yield entry;
        given += 1;
        if (given >= limit) return;
      }
    }
}

const prefix = "error.runtime.attributes";

/** Refusals in the words of the generation (spec/connector-api.md 1.11). */
export function termsOfAttributes({ name }: Profile): Terms {
  return name === "gen3" ? {} : olderTerms;
}

const olderTerms: Terms = {
  [`${prefix}.isNotOwnIdentityAttribute`]: { code: `${prefix}.isNotRepositoryAttribute` },
  [`${prefix}.peerHasNoPreviousVersionOfAttribute`]: {
    code: `${prefix}.noPreviousVersionOfRepositoryAttributeHasBeenSharedWithPeerBefore`,
  },
  [`${prefix}.ownIdentityAttributeHasAlreadyBeenSharedWithPeer`]: {
    code: `${prefix}.repositoryAttributeHasAlreadyBeenSharedWithPeer`,
  },
  "error.consumption.attributes.wrongOwnerOfAttribute": {
    code: "error.consumption.attributes.wrongOwnerOfRepositoryAttribute",
  },
};
