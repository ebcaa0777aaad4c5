// Templates, tokens and files through the published client.
import { expect } from "vitest";
import { type Journey, tomorrow } from "./party.ts";

const png = [0x89, 0x50, 0x4e, 0x47];

function expectPicture(bytes: ArrayBuffer | Uint8Array): void {
  expect([...new Uint8Array(bytes)].slice(0, 4)).toEqual(png);
}

/** Nine methods. */
export async function callTemplates({ alice, bob, check }: Journey): Promise<void> {
  const mine = alice.client.relationshipTemplates;
  const theirs = bob.client.relationshipTemplates;
  const own = await check<{ id: string; truncatedReference: string; isOwn: boolean }>(
    mine.createOwnRelationshipTemplate({
      content: {
        "@type": "RelationshipTemplateContent",
        title: "Terms",
        onNewRelationship: {
          "@type": "Request",
          items: [
            { "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "May we write to you?" },
            { "@type": "FreeTextRequestItem", mustBeAccepted: false, freeText: "Anything else?" } as never,
          ],
        },
      },
      expiresAt: tomorrow(),
      maxNumberOfAllocations: 2,
      forIdentity: bob.address,
      passwordProtection: { password: "1234", passwordIsPin: true },
    }) as never,
    "ConnectorRelationshipTemplate",
  );
  expect(own.isOwn).toBe(true);
  await check(mine.getRelationshipTemplate(own.id) as never, "ConnectorRelationshipTemplate");
  for (const list of [
    mine.getRelationshipTemplates({ isOwn: "true" } as never),
    mine.getOwnRelationshipTemplates({}),
  ]) {
    const found = await check<{ id: string }[]>(list as never, "ConnectorRelationshipTemplates");
    expect(found.map(({ id }) => id)).toContain(own.id);
  }
  expectPicture(await check<ArrayBuffer>(mine.getQrCodeForOwnRelationshipTemplate(own.id) as never));
  const protection = {
    forIdentity: bob.address,
    passwordProtection: { password: "1234", passwordIsPin: true as const },
  };
  const token = await check<{ truncatedReference: string }>(
    mine.createTokenForOwnRelationshipTemplate(own.id, { ephemeral: true, ...protection } as never) as never,
    "ConnectorToken",
  );
  expectPicture(
    await check<ArrayBuffer>(mine.createTokenQrCodeForOwnRelationshipTemplate(own.id, protection as never) as never),
  );
  const loaded = await check<{ id: string; isOwn: boolean }>(
    theirs.loadPeerRelationshipTemplate({ reference: token.truncatedReference, password: "1234" } as never) as never,
    "ConnectorRelationshipTemplate",
  );
  expect(loaded).toMatchObject({ id: own.id, isOwn: false });
  const peers = await check<{ id: string }[]>(
    theirs.getPeerRelationshipTemplates({}) as never,
    "ConnectorRelationshipTemplates",
  );
  expect(peers.map(({ id }) => id)).toContain(own.id);
}

/** Six methods. */
export async function callTokens({ alice, bob, check }: Journey): Promise<void> {
  const own = await check<{ id: string; truncatedReference: string }>(
    alice.client.tokens.createOwnToken({ content: { key: "value" }, expiresAt: tomorrow(), ephemeral: false }) as never,
    "ConnectorToken",
  );
  await check(alice.client.tokens.getToken(own.id) as never, "ConnectorToken");
  expectPicture(await check<ArrayBuffer>(alice.client.tokens.getQrCodeForToken(own.id) as never));
  const mine = await check<{ id: string }[]>(alice.client.tokens.getOwnTokens({}) as never, "ConnectorTokens");
  expect(mine.map(({ id }) => id)).toContain(own.id);
  const loaded = await check<{ content: unknown }>(
    bob.client.tokens.loadPeerToken({ reference: own.truncatedReference, ephemeral: false }) as never,
    "ConnectorToken",
  );
  expect(loaded.content).toEqual({ key: "value" });
  const peers = await check<{ id: string }[]>(
    bob.client.tokens.getPeerTokens({ createdBy: alice.address } as never) as never,
    "ConnectorTokens",
  );
  expect(peers.map(({ id }) => id)).toEqual([own.id]);
}

/** Ten methods. Gives the id of a file of Alice. */
export async function callFiles({ alice, bob, check }: Journey): Promise<string> {
  const content = Buffer.from("some text for everybody");
  const own = await check<{ id: string; truncatedReference: string; filesize: number }>(
    alice.client.files.uploadOwnFile({
      title: "A file",
      description: "with words",
      expiresAt: tomorrow(),
      filename: "words.txt",
      file: content as never,
    }) as never,
    "ConnectorFile",
  );
  await check(alice.client.files.getFile(own.id) as never, "ConnectorFile");
  await check(alice.client.files.getFile(own.truncatedReference) as never, "ConnectorFile");
  for (const list of [
    alice.client.files.getFiles({ filename: "words.txt" } as never),
    alice.client.files.getOwnFiles({}),
  ]) {
    const found = await check<{ id: string }[]>(list as never, "ConnectorFiles");
    expect(found.map(({ id }) => id)).toEqual([own.id]);
  }
  const bytes = await check<ArrayBuffer>(alice.client.files.downloadFile(own.id) as never);
  expect(Buffer.from(bytes).equals(content)).toBe(true);
  expectPicture(await check<ArrayBuffer>(alice.client.files.getQrCodeForFile(own.id) as never));
  const token = await check<{ truncatedReference: string }>(
    alice.client.files.createTokenForFile(own.id, { expiresAt: tomorrow() } as never) as never,
    "ConnectorToken",
  );
  expectPicture(await check<ArrayBuffer>(alice.client.files.createTokenQrCodeForFile(own.id, {}) as never));
  const loaded = await check<{ id: string; isOwn: boolean }>(
    bob.client.files.loadPeerFile({ reference: token.truncatedReference } as never) as never,
    "ConnectorFile",
  );
  expect(loaded).toMatchObject({ id: own.id, isOwn: false });
  const peers = await check<{ id: string }[]>(bob.client.files.getPeerFiles({}) as never, "ConnectorFiles");
  expect(peers.map(({ id }) => id)).toEqual([own.id]);
  return own.id;
}
