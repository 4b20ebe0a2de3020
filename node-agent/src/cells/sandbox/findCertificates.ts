import { existsSync } from "node:fs";

/** Where distributions keep the certificates of all authorities in one file. Source: the `openssl-probe` crate. */
const BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
] as const;

/** The machine's file of trusted certificates; undefined where it has none. */
export function findCertificates(): string | undefined {
  return BUNDLES.find((path) => existsSync(path));
}
