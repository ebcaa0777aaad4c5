// A phone for tests: the real page in a real browser, found by what people see and screen readers say.
import { existsSync } from "node:fs";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { onTestFinished } from "vitest";

const chromium = process.env["RAPPORT_CHROMIUM"] ?? "/usr/bin/chromium";

/** True when tests with a browser can run. Says so in one line when not, and fails where everything must be there. */
export function hasBrowser(): boolean {
  if (existsSync(chromium)) return true;
  if (process.env["RAPPORT_SERVICES"] === "required") throw new Error(`There is no ${chromium}.`);
  console.log(`No browser at ${chromium} (RAPPORT_CHROMIUM names another): the page is not tested.`);
  return false;
}

/** Starts a browser. */
export function openBrowser(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: chromium,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

/** One tab. Whatever the browser complains about is in `complaints`. */
export interface Phone {
  readonly page: Page;
  readonly complaints: readonly string[];
  open(url: string): Promise<void>;
  /** Waits until the screen with this heading is there. */
  sees(heading: string): Promise<void>;
  /** Waits until this text is somewhere on the page. */
  reads(text: string): Promise<void>;
  press(name: string): Promise<void>;
  /** Ticks a box or chooses a radio button by its name. */
  tick(name: string, at?: number): Promise<void>;
  type(label: string, text: string): Promise<void>;
  choosePicture(file: string): Promise<void>;
  picture(name: string): Promise<void>;
}

/** Opens a tab of the size of a small phone, closed when the test ends. */
export async function openPhone(browser: Browser, scheme: "light" | "dark" = "light"): Promise<Phone> {
  const context = await browser.createBrowserContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.setViewport({ width: 360, height: 740, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // A refused call is what some tests want to see.
    if (message.type() === "error" && !/the server responded with a status of 4/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  const named = (role: string, name: string) => page.locator(`::-p-aria([name="${name}"][role="${role}"])`);
  return {
    page,
    complaints,
    open: async (url) => void (await page.goto(url)),
    sees: (heading) =>
      named("heading", heading)
        .wait()
        .then(() => undefined),
    reads: (text) =>
      page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(text)})`).then(() => undefined),
    press: (name) => named("button", name).click(),
    tick: async (name, at = 0) => {
      const boxes = `::-p-aria([name="${name}"][role="checkbox"]), ::-p-aria([name="${name}"][role="radio"])`;
      await page.waitForSelector(boxes);
      await (await page.$$(boxes))[at]?.click();
    },
    type: (label, text) => named("textbox", label).fill(text),
    choosePicture: async (file) => {
      const input = await page.waitForSelector("input[type=file]");
      await (input as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(file);
    },
    picture: async (name) => {
      const folder = process.env["RAPPORT_PICTURES"];
      if (folder === undefined) return;
      await page.screenshot({ path: `${folder}/${name}-${scheme}.png`, fullPage: true });
    },
  };
}
