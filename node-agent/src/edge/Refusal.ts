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
  /** The methods that would do, of a 405. */
  readonly allow?: string | undefined;
  /** Where it is written down elsewhere too; else a new one. */
  readonly id?: string | undefined;
}

export function newRefusalId(): string {
  return randomBytes(8).toString("hex");
}

/** How the page of a refusal is written. */
export type RefusalForm = "html" | "json" | "text";

const MEDIA_TYPES: Readonly<Record<RefusalForm, string>> = {
  html: "text/html; charset=utf-8",
  json: "application/json",
  text: "text/plain; charset=utf-8",
};

/**
 * The form that a visitor likes best: of HTML and JSON the one that it names with more weight, or first, and text where it
 * names neither (RFC 9110, 12.5.1).
 *
 * @param accept - the request's `Accept`.
 */
export function refusalForm(accept: string | undefined): RefusalForm {
  let best: RefusalForm = "text";
  let most = 0;
  for (const range of (accept ?? "").toLowerCase().split(",")) {
    const [type, ...parameters] = range.split(";").map((part) => part.trim());
    const form = type === "text/html" ? "html" : type === "application/json" ? "json" : undefined;
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
    if (form === undefined || !(Number(weight) > most)) continue;
    best = form;
    most = Number(weight);
  }
  return best;
}

/** The page of a refusal: headers, names and values in turn, and what is in it. */
export function refusalPage(
  refusal: Refusal,
  { nodeId, form }: { readonly nodeId: number; readonly form: RefusalForm },
): { headers: string[]; body: string } {
  const { code } = refusal;
  const { id = newRefusalId() } = refusal;
  const body = BODIES[form](refusal, nodeId, id);
  const headers = [
    "content-type",
    MEDIA_TYPES[form],
    "content-length",
    String(Buffer.byteLength(body)),
    "cache-control",
    "no-store",
    "worker3-node",
    String(nodeId),
    "worker3-error",
    code,
    "worker3-error-id",
    id,
  ];
  if (refusal.version !== undefined) headers.push("worker3-version", String(refusal.version));
  if (refusal.retryAfterSeconds !== undefined) headers.push("retry-after", String(refusal.retryAfterSeconds));
  if (refusal.allow !== undefined) headers.push("allow", refusal.allow);
  return { headers, body };
}

const titleOf = ({ status }: Refusal) => `${status} ${STATUS_CODES[status] ?? ""}`.trim();

const BODIES: Readonly<Record<RefusalForm, (refusal: Refusal, nodeId: number, id: string) => string>> = {
  json: ({ code, message }, _, id) => `${JSON.stringify({ error: { code, message, id } })}\n`,
  text: (refusal, nodeId, id) =>
    `${titleOf(refusal)}\n${refusal.code}: ${refusal.message}\n\nnode ${nodeId}, id ${id}\n`,
  // By itself: it loads nothing, and shows on any screen, light or dark.
  html(refusal, nodeId, id) {
    const title = escapeHtml(titleOf(refusal));
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1rem }</style>
</head>
<body>
<h1>${title}</h1>
<p>${escapeHtml(refusal.message)}</p>
<p><code>${escapeHtml(refusal.code)}</code></p>
<p><small>node ${nodeId}, id <code>${escapeHtml(id)}</code></small></p>
</body>
</html>
`;
  },
};

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
