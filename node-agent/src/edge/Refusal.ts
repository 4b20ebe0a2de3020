import { randomBytes } from "node:crypto";
import { STATUS_CODES } from "node:http";

/** An answer of the platform itself. It is never counted. */
export interface Refusal {
  readonly status: number;
  /** Upper snake case. */
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number | undefined;
  readonly version?: number | undefined;
  /** Where it is written down elsewhere too; else a new one. */
  readonly id?: string | undefined;
}

export function newRefusalId(): string {
  return randomBytes(8).toString("hex");
}

/** The page of a refusal: headers, names and values in turn, and the text. */
export function refusalPage(
  refusal: Refusal,
  options: { readonly nodeId: number; readonly asJson: boolean },
): { headers: string[]; body: string } {
  const { code, message } = refusal;
  const { id = newRefusalId() } = refusal;
  const body = options.asJson
    ? `${JSON.stringify({ error: { code, message, id } })}\n`
    : `${refusal.status} ${STATUS_CODES[refusal.status] ?? ""}\n${code}: ${message}\n\nnode ${options.nodeId}, id ${id}\n`;
  const headers = [
    "content-type",
    options.asJson ? "application/json" : "text/plain; charset=utf-8",
    "content-length",
    String(Buffer.byteLength(body)),
    "cache-control",
    "no-store",
    "worker3-node",
    String(options.nodeId),
    "worker3-error",
    code,
    "worker3-error-id",
    id,
  ];
  if (refusal.version !== undefined) headers.push("worker3-version", String(refusal.version));
  if (refusal.retryAfterSeconds !== undefined) headers.push("retry-after", String(refusal.retryAfterSeconds));
  return { headers, body };
}
