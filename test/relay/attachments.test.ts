import { describe, expect, test } from "vitest";
import { bring, letter, minute, openRelay } from "./parties.ts";
import { upload } from "./uploads.ts";

describe("attachments of a Message", () => {
  test("are shown to both sides, each once, and outlive the File", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    await bring(from, to, "Active");
    const [one, two] = [await upload(from), await upload(to)];
    const attachments = [{ id: one.id }, { id: two.id }, { id: one.id }];

    const { id } = await from.ok("createMessage", { body: { ...letter(to), attachments } });
    await from.ok("deleteFile", { id: one.id });

    const shown = [{ id: one.id }, { id: two.id }];
    for (const party of [from, to]) {
      expect(await party.ok("getMessage", { id })).toMatchObject({ attachments: shown });
      expect(await party.ok("listMessages")).toMatchObject([{ attachments: shown }]);
    }
  });

  test("20 are taken; what does not exist, was deleted or has expired is not found, and nothing is sent", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    await bring(from, to, "Active");
    const files = await Promise.all(Array.from({ length: 20 }, (_, at) => upload(from, `bytes ${at}`)));
    const expiring = await upload(from, "x", { expiresAt: world.in(minute) });
    const attach = (...ids: readonly string[]) => ({
      body: { ...letter(to), attachments: ids.map((id) => ({ id })) },
    });

    await from.ok("createMessage", attach(...files.map(({ id }) => id)));
    await from.ok("createMessage", attach(expiring.id));
    await from.ok("deleteFile", { id: files[0]?.id ?? "" });
    world.clock.advance(minute);

    for (const id of [expiring.id, files[0]?.id ?? "", "FILAAAAAAAAAAAAAAAAA"]) {
      expect(await from.no("createMessage", attach(files[1]?.id ?? "", id))).toBe("recordNotFound");
    }
    expect(await to.ok("listMessages")).toHaveLength(2);
  });
});
