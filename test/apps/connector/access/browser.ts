// As much of a browser as a login needs: cookies by host and port, redirects, and forms.

/** A page, after all redirects. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where it was sent on the way. */
  readonly hops: readonly string[];
}

/** Keeps cookies between calls. */
export interface Browser {
  open(
    url: string,
    options?: { readonly stopAt?: RegExp; readonly form?: Readonly<Record<string, string>> },
  ): Promise<Page>;
  cookies(url: string): ReadonlyMap<string, string>;
  setCookie(url: string, name: string, value: string): void;
  /** The lines that set cookies, as they came. */
  readonly given: readonly string[];
}

const hopsMax = 20;

/** A browser without cookies. */
export function openBrowser(): Browser {
  const jars = new Map<string, Map<string, string>>();
  const given: string[] = [];
  const jarOf = (url: string) => {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    return jar;
  };
  const keep = (url: string, lines: readonly string[]) => {
    for (const line of lines) {
      given.push(line);
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const isGone = /expires=Thu, 01 Jan 1970|max-age=0/i.test(line);
      if (isGone) jarOf(url).delete(name);
      else jarOf(url).set(name, value);
    }
  };
  return {
    given,
    cookies: jarOf,
    setCookie: (url, name, value) => void jarOf(url).set(name, value),
    open: async (first, { stopAt, form } = {}) => {
      const hops: string[] = [];
      let url = first;
      let body = form === undefined ? undefined : new URLSearchParams(form);
      for (let hop = 0; hop < hopsMax; hop += 1) {
        const cookie = [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join("; ");
        const answer = await fetch(url, {
          method: body === undefined ? "GET" : "POST",
          headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8", ...(cookie === "" ? {} : { cookie }) },
          ...(body === undefined ? {} : { body }),
          redirect: "manual",
        });
        keep(url, answer.headers.getSetCookie());
        const text = await answer.text();
        const next = answer.headers.get("location");
        const target = next === null ? undefined : new URL(next, url).href;
        if (target === undefined || (stopAt?.test(target) ?? false)) {
          return { url: target ?? url, status: answer.status, headers: answer.headers, text, hops };
        }
        hops.push(target);
        url = target;
        body = undefined;
      }
      throw new Error(`More than ${hopsMax} redirects: ${hops.join(" ")}`);
    },
  };
}
