import { checkServerIdentity, type PeerCertificate } from "node:tls";

/** Certificates: who may have signed them, as PEM, instead of the well-known ones; and which one the relay may show at all. */
export interface RelayTls {
  readonly ca?: string | readonly string[];
  /** SHA-256 of whole certificates, hexadecimal, with or without colons; a relay that shows another is not spoken to. */
  readonly fingerprints?: readonly string[];
}

/** How a connection checks whom it has met. */
export function tlsOptions({ ca, fingerprints }: RelayTls = {}) {
  const pinned = new Set(fingerprints?.map(bare));
  const check = (host: string, certificate: PeerCertificate): Error | undefined => {
    const mismatch = checkServerIdentity(host, certificate);
    if (mismatch !== undefined || pinned.has(bare(certificate.fingerprint256))) return mismatch;
    return new Error(`${host} shows a certificate that is not among those pinned for it`);
  };
  return {
    ...(ca === undefined ? {} : { ca: typeof ca === "string" ? ca : [...ca] }),
    ...(fingerprints === undefined ? {} : { checkServerIdentity: check }),
  };
}

function bare(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}
