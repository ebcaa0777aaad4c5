import type { NewAnnouncement } from "rapport/relay";
import { describe, expect, test } from "vitest";
import { minute, openRelay } from "./parties.ts";

const english = { title: "Maintenance", body: "Tonight." };
const german = { title: "Wartung", body: "Heute Nacht." };
const announcement: NewAnnouncement = { severity: "High", texts: { en: english, de: german } };

describe("announcements", () => {
  test("come in the language that was asked for, or else in English", async () => {
    const world = await openRelay();
    const party = await world.party();
    const link = "https://example.org/status";
    const actions = [{ link, displayNames: { en: "Status", de: "Zustand" } }];
    const { id, createdAt } = await world.relay.admin.announcements.create({ ...announcement, actions });
    const inLanguage = (query: { language: string } | Record<string, never>) =>
      party.ok("listAnnouncements", { query });

    const whole = { id, createdAt, expiresAt: null, severity: "High", iqlQuery: null };
    const inEnglish = { ...whole, ...english, actions: [{ displayName: "Status", link }] };
    expect(await inLanguage({ language: "de" })).toEqual([
      { ...whole, ...german, actions: [{ displayName: "Zustand", link }] },
    ]);
    expect(await inLanguage({ language: "en" })).toEqual([inEnglish]);
    expect(await inLanguage({ language: "fr" })).toEqual([inEnglish]);
    expect(await inLanguage({ language: "constructor" })).toEqual([inEnglish]);
    expect(await inLanguage({})).toEqual([inEnglish]);
  });

  test("reach everybody, or those that they are addressed to", async () => {
    const world = await openRelay();
    const [one, other] = [await world.party(), await world.party()];
    const { announcements } = world.relay.admin;
    const all = await announcements.create(announcement);
    const some = await announcements.create({ ...announcement, recipients: [one.address], iqlQuery: "#a" });

    expect(await one.ok("listAnnouncements")).toMatchObject([{ id: all.id }, { id: some.id, iqlQuery: "#a" }]);
    expect(await other.ok("listAnnouncements")).toMatchObject([{ id: all.id }]);
    expect(await world.anonymous.no("listAnnouncements")).toBe("unauthorized");
  });

  test("end when they are over, and make room for the next one", async () => {
    const world = await openRelay();
    const party = await world.party();
    const { announcements } = world.relay.admin;
    await announcements.create({ ...announcement, expiresAt: world.in(minute) });
    expect(await party.ok("listAnnouncements")).toMatchObject([{ expiresAt: world.in(minute) }]);

    world.clock.advance(minute);

    expect(await party.ok("listAnnouncements")).toEqual([]);
    expect(await announcements.list()).toHaveLength(1);
    const next = await announcements.create(announcement);
    expect(await announcements.list()).toEqual([next]);
  });

  test("are gone once the operator deletes them", async () => {
    const world = await openRelay();
    const party = await world.party();
    const { announcements } = world.relay.admin;
    const { id } = await announcements.create(announcement);

    expect(await announcements.delete(id)).toBe(true);

    expect(await party.ok("listAnnouncements")).toEqual([]);
    expect(await announcements.delete(id)).toBe(false);
    expect(await announcements.delete("../identity")).toBe(false);
  });

  test("are at most a thousand, those not counted that are over or deleted", async () => {
    const world = await openRelay();
    const { announcements } = world.relay.admin;
    await announcements.create({ ...announcement, expiresAt: world.in(minute) });
    const { id } = await announcements.create(announcement);
    await Promise.all(Array.from({ length: 998 }, () => announcements.create(announcement)));
    await expect(announcements.create(announcement)).rejects.toMatchObject({ code: "limit.reached" });

    await announcements.delete(id);
    await announcements.create(announcement);
    world.clock.advance(minute);
    await announcements.create(announcement);

    await expect(announcements.create(announcement)).rejects.toMatchObject({ code: "limit.reached" });
  });

  test("without the right shape are refused, and the member is named", async () => {
    const world = await openRelay();
    const { create, list } = world.relay.admin.announcements;
    const action = { link: "https://example.org", displayNames: { en: "Status" } };

    for (const [change, member] of [
      [{ severity: "Urgent" }, "severity"],
      [{ texts: { de: german } }, "texts\\.en"],
      [{ texts: { en: { title: "Only a title" } } }, "texts\\.en\\.body"],
      [{ texts: { en: english, german } }, "texts\\.german"],
      [{ expiresAt: world.in(0) }, "expiresAt"],
      [{ expiresAt: "tomorrow" }, "expiresAt"],
      [{ recipients: ["nobody"] }, "recipients\\[0\\]"],
      [{ actions: [action, { ...action, displayNames: {} }] }, "actions\\[1\\]\\.displayNames\\.en"],
      [{ iqlQuery: 7 }, "iqlQuery"],
      [{ severity: () => "High" }, "severity"],
    ] as const) {
      const message = expect.stringMatching(new RegExp(`^${member} must`));
      const given = { ...announcement, ...change } as unknown as NewAnnouncement;
      await expect(create(given)).rejects.toMatchObject({ code: "input.invalid", message });
    }
    expect(await list()).toEqual([]);
  });
});
