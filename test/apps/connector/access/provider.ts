// An OpenID provider on this machine, with one person in it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";
import { onTestFinished } from "vitest";
import type { Browser, Page } from "./browser.ts";

/** A provider that listens. */
export interface OpenProvider {
  readonly url: string;
  /** Fills in the provider's own forms until it sends the browser away. */
  logIn(browser: Browser, page: Page, stopAt?: RegExp): Promise<Page>;
}

/** Opens one for a client that comes back to `baseUrl`. */
export async function openProvider(baseUrl: string, roles: readonly string[]): Promise<OpenProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: "connector",
        client_secret: "provider-secret",
        redirect_uris: [`${baseUrl}/callback`],
        post_logout_redirect_uris: [baseUrl],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    claims: { openid: ["sub"], profile: ["name", "access"] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, name: "Alice", access: { connector: { roles } } }),
    }),
    cookies: { keys: ["a key of this test"] },
    pkce: { required: () => true },
  });
  server.on("request", provider.callback());
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return {
    url,
    logIn: async (browser, first, stopAt) => {
      let page = first;
      for (const fields of [{ prompt: "login", login: "alice", password: "any" }, { prompt: "consent" }]) {
        const [, action = ""] = /<form[^>]* action="([^"]+)"/.exec(page.text) ?? [];
        page = await browser.open(new URL(action, page.url).href, { form: fields, ...(stopAt ? { stopAt } : {}) });
        if (stopAt?.test(page.url)) return page;
      }
      return page;
    },
  };
}
