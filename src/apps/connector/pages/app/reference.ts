// What people paste, scan or click, as the reference that the Connector takes.

/** The reference in a text: itself, what stands in a link to this page, or behind the # of a link like nmshd://tr#... */
export function referenceIn(given: string): string {
  const text = given.replaceAll(/\s+/g, "");
  const link = /^[a-z][a-z0-9+.-]*:\/\/tr#(.+)$/i.exec(text);
  if (link?.[1] !== undefined) return link[1];
  const page = /\/app\/?#(.+)$/.exec(text);
  return page?.[1] === undefined ? text : (new URLSearchParams(page[1]).get("reference") ?? text);
}

/** True when the text can be one at all. */
export function looksLikeReference(text: string): boolean {
  return (
    /^(UkxU|VE9L)[\w-]{20,}={0,2}$/.test(text) || /^https?:\/\/[^#]+\/r\/[A-Za-z0-9]{20}(\?[^#]*)?#[\w-]+$/.test(text)
  );
}
