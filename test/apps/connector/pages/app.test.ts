// The page for phones, in a browser, against Connectors that listen: the seeds' story with a thumb.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshBuild } from "../../../tidy/built.ts";
import { temporaryFolder } from "../../cli/told.ts";
import { type Actor, openStage, type Stage } from "../stage.ts";
import { everyKind, libraryCard } from "./offers.ts";
import { hasBrowser, openBrowser, openPhone } from "./phone.ts";

describe.runIf(hasBrowser())("the page for phones", () => {
  let browser: Browser;
  beforeAll(async () => {
    await freshBuild();
    browser = await openBrowser();
  }, 300_000);
  afterAll(() => browser.close());

  test("a pasted reference leads to a decision, and the decision to an active Relationship", async () => {
    await using stage = await openStage();
    const { library, mara } = await meet(stage);
    const template = await publish(library);
    const phone = await openPhone(browser);

    await phone.open(`${mara.url}/app`);
    await phone.sees("Your relationships");
    await phone.picture("start");
    await phone.type("Reference or link", template.truncatedReference);
    await phone.press("Open");
    await phone.sees("Your library card");
    await phone.reads("The library may store my loans.");
    await phone.picture("request");
    await phone.tick("I agree");
    await phone.type("E-mail address", "mara@example.org");
    await phone.tick("Answer");
    await phone.type("Your answer", "Everything about the sea.");
    await phone.picture("request-filled");
    await phone.press("Accept");
    await phone.reads("Pending");
    await phone.picture("pending");
    await library.call("POST", "/api/v2/Account/Sync");
    const { body } = await library.call("GET", `/api/v2/Relationships?template.id=${template.id}`);
    const [{ id, creationContent }] = body.result;
    await library.call("PUT", `/api/v2/Relationships/${id}/Accept`);
    await phone.reads("You are connected.");
    await phone.picture("active");

    expect(creationContent.response.items).toMatchObject([
      { result: "Accepted" },
      { attribute: { value: { value: "mara@example.org" } } },
      { freeText: "Everything about the sea." },
    ]);
    expect(phone.complaints).toEqual([]);
  });

  test("what is required and not accepted is told at the item before anything is sent", async () => {
    await using stage = await openStage();
    const { library, mara } = await meet(stage);
    const { truncatedReference } = await publish(library);
    const phone = await openPhone(browser, "dark");

    await phone.open(`${mara.url}/app#reference=${truncatedReference}`);
    await phone.sees("Your library card");
    await phone.type("E-mail address", "no address");
    await phone.press("Accept");
    await phone.reads("This is required");
    await phone.picture("required");

    const { body } = await mara.call("GET", "/api/v2/Requests/Incoming");
    expect(body.result).toMatchObject([{ status: "ManualDecisionRequired" }]);
    expect(phone.complaints).toEqual([]);
  });

  test("a QR code in a picture leads there, too, and the whole can be declined", async () => {
    await using stage = await openStage();
    const { library, mara } = await meet(stage);
    const template = await publish(library);
    const picture = join(temporaryFolder(), "code.png");
    const image = await fetch(`${library.url}/api/v2/RelationshipTemplates/${template.id}`, {
      headers: { accept: "image/png" },
    });
    writeFileSync(picture, new Uint8Array(await image.arrayBuffer()));
    const phone = await openPhone(browser);

    await phone.open(`${mara.url}/app`);
    await phone.sees("Your relationships");
    await phone.choosePicture(picture);
    await phone.sees("Your library card");
    await phone.press("Decline everything");
    await phone.reads("You have declined this. Nothing was shared.");
    await phone.picture("declined");

    const { body } = await mara.call("GET", "/api/v2/Relationships");
    expect(body.result).toEqual([]);
    expect(phone.complaints).toEqual([]);
  });

  test("a pasted link opens the offer, and a wrong reference is explained", async () => {
    await using stage = await openStage();
    const { library, mara } = await meet(stage);
    const template = await publish(library);
    const phone = await openPhone(browser);

    await phone.open(`${mara.url}/app`);
    await phone.sees("Your relationships");
    await phone.type("Reference or link", "hello");
    await phone.press("Open");
    await phone.reads("This is no reference to an offer.");
    await phone.picture("wrong");
    await phone.type("Reference or link", `UkxU${"x".repeat(90)}`);
    await phone.press("Open");
    await phone.reads("This is no reference to an offer.");
    await phone.type("Reference or link", `nmshd://tr#${template.truncatedReference}`);
    await phone.press("Open");
    await phone.sees("Your library card");

    expect(phone.complaints).toEqual([]);
  });

  test("whoever has no key is asked for it once, and a key in the link leaves the address bar", async () => {
    await using stage = await openStage();
    const key = "Up-Key-24-of-somebody-who-may-come-in";
    const httpServer = { authentication: { apiKey: { keys: { phone: { key } } } } };
    const mara = await stage.actor("mara", { config: { infrastructure: { httpServer } } });
    const [typing, linked] = [await openPhone(browser), await openPhone(browser)];

    await typing.open(`${mara.url}/app`);
    await typing.sees("Who are you?");
    await typing.picture("key");
    await typing.type("API key", key);
    await typing.press("Go on");
    await typing.sees("Your relationships");
    await linked.open(`${mara.url}/app#key=${key}`);
    await linked.sees("Your relationships");

    expect(linked.page.url()).toBe(`${mara.url}/app#/`);
    expect([...typing.complaints, ...linked.complaints]).toEqual([]);
  });

  test("every kind of item is there in words, and a Pending Relationship can be accepted on the page of who asked", async () => {
    await using stage = await openStage();
    const { library, mara } = await meet(stage);
    const { truncatedReference } = await publish(library, everyKind());
    const [hers, theirs] = [await openPhone(browser), await openPhone(browser, "dark")];

    await hers.open(`${mara.url}/app#reference=${truncatedReference}`);
    await hers.sees("Everything at once");
    await hers.picture("every-kind");
    await hers.tick("I agree");
    await hers.press("Accept");
    await hers.reads("Pending");
    await library.call("POST", "/api/v2/Account/Sync");
    await theirs.open(`${library.url}/app`);
    await theirs.reads("waits for you");
    await theirs.picture("list");
    await theirs.page.locator("a ::-p-text(waits for you)").click();
    await theirs.press("Accept");
    await theirs.reads("You are connected.");
    await hers.reads("You are connected.");

    expect([...hers.complaints, ...theirs.complaints]).toEqual([]);
  });
});

async function meet(stage: Stage) {
  return { library: await stage.actor("library"), mara: await stage.actor("mara") };
}

async function publish(actor: Actor, content: object = libraryCard()) {
  const { status, body } = await actor.call("POST", "/api/v2/RelationshipTemplates/Own", {
    content,
    expiresAt: "2100-01-01T00:00:00.000Z",
  });
  expect({ status, body }).toMatchObject({ status: 201 });
  return body.result as { readonly id: string; readonly truncatedReference: string };
}
