// Templates, tokens and files of the first generation: free contents, and objects loaded by id and key.
import { expect } from "vitest";
import { type FirstJourney, tomorrow } from "./party.ts";

interface Keyed {
  readonly id: string;
  readonly secretKey: string;
  readonly truncatedReference: string;
}

const png = [0x89, 0x50, 0x4e, 0x47];

function expectPicture(bytes: ArrayBuffer): void {
  expect([...new Uint8Array(bytes)].slice(0, 4)).toEqual(png);
}

/** Nine methods. */
export async function callFirstTemplates({ alice, bob }: FirstJourney): Promise<void> {
  const own = await alice.ask<Keyed>(
    "relationshipTemplates.createOwnRelationshipTemplate",
    "ConnectorRelationshipTemplate",
    {
      content: { free: ["as", "you", "like"] },
      expiresAt: tomorrow(),
    },
  );
  const read = await alice.ask<{ content: unknown }>(
    "relationshipTemplates.getRelationshipTemplate",
    "ConnectorRelationshipTemplate",
    own.id,
  );
  expect(read.content).toEqual({ free: ["as", "you", "like"] });
  for (const method of ["getRelationshipTemplates", "getOwnRelationshipTemplates"]) {
    const found = await alice.ask<Keyed[]>(`relationshipTemplates.${method}`, "ConnectorRelationshipTemplates", {});
    expect(found.map(({ id }) => id)).toEqual([own.id]);
  }
  expectPicture(await alice.ask("relationshipTemplates.getQrCodeForOwnRelationshipTemplate", undefined, own.id));
  const token = await alice.ask<Keyed>(
    "relationshipTemplates.createTokenForOwnRelationshipTemplate",
    "ConnectorToken",
    own.id,
    { ephemeral: true },
  );
  expectPicture(
    await alice.ask("relationshipTemplates.createTokenQrCodeForOwnRelationshipTemplate", undefined, own.id, {}),
  );
  const { id, secretKey } = own;
  for (const reference of [{ id, secretKey }, { reference: token.truncatedReference }]) {
    const loaded = await bob.ask<Keyed & { isOwn: boolean }>(
      "relationshipTemplates.loadPeerRelationshipTemplate",
      "ConnectorRelationshipTemplate",
      reference,
    );
    expect(loaded).toMatchObject({ id, isOwn: false, secretKey });
  }
  const peers = await bob.ask<Keyed[]>(
    "relationshipTemplates.getPeerRelationshipTemplates",
    "ConnectorRelationshipTemplates",
    {},
  );
  expect(peers.map((peer) => peer.id)).toEqual([id]);
}

/** Six methods. */
export async function callFirstTokens({ alice, bob }: FirstJourney): Promise<void> {
  const { id, secretKey, truncatedReference } = await alice.ask<Keyed>("tokens.createOwnToken", "ConnectorToken", {
    content: { key: "value" },
    expiresAt: tomorrow(),
    ephemeral: false,
  });
  await alice.ask("tokens.getToken", "ConnectorToken", id);
  expectPicture(await alice.ask("tokens.getQrCodeForToken", undefined, id));
  const mine = await alice.ask<Keyed[]>("tokens.getOwnTokens", "ConnectorTokens", {});
  expect(mine.map((one) => one.id)).toEqual([id]);
  for (const reference of [{ id, secretKey, ephemeral: false }, { reference: truncatedReference }]) {
    const loaded = await bob.ask<{ content: unknown }>("tokens.loadPeerToken", "ConnectorToken", reference);
    expect(loaded.content).toEqual({ key: "value" });
  }
  const peers = await bob.ask<Keyed[]>("tokens.getPeerTokens", "ConnectorTokens", {});
  expect(peers.map((one) => one.id)).toEqual([id]);
}

/** Ten methods. Gives the id of a file of Alice. */
export async function callFirstFiles({ alice, bob }: FirstJourney): Promise<string> {
  const content = Buffer.from("some text for everybody");
  const { id, secretKey, truncatedReference } = await alice.ask<Keyed>("files.uploadOwnFile", "ConnectorFile", {
    title: "A file",
    description: "with words",
    expiresAt: tomorrow(),
    filename: "words.txt",
    file: content,
  });
  await alice.ask("files.getFile", "ConnectorFile", id);
  await alice.ask("files.getFile", "ConnectorFile", truncatedReference);
  for (const method of ["getFiles", "getOwnFiles"]) {
    const found = await alice.ask<Keyed[]>(`files.${method}`, "ConnectorFiles", {});
    expect(found.map((one) => one.id)).toEqual([id]);
  }
  const bytes = await alice.ask<ArrayBuffer>("files.downloadFile", undefined, id);
  expect(Buffer.from(bytes).equals(content)).toBe(true);
  expectPicture(await alice.ask("files.getQrCodeForFile", undefined, id));
  const token = await alice.ask<Keyed>("files.createTokenForFile", "ConnectorToken", id, { expiresAt: tomorrow() });
  expectPicture(await alice.ask("files.createTokenQrCodeForFile", undefined, id, {}));
  for (const reference of [{ id, secretKey }, { reference: token.truncatedReference }]) {
    const loaded = await bob.ask<Keyed & { isOwn: boolean }>("files.loadPeerFile", "ConnectorFile", reference);
    expect(loaded).toMatchObject({ id, isOwn: false });
  }
  const peers = await bob.ask<Keyed[]>("files.getPeerFiles", "ConnectorFiles", {});
  expect(peers.map((one) => one.id)).toEqual([id]);
  return id;
}
