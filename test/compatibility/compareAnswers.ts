/** What came back for one request. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** Headers that say nothing about the project, and why. All others are compared. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  date: "when it was asked",
  connection: "belongs to a connection, not to an answer (RFC 9110, 7.6.1)",
  "keep-alive": "as `connection`",
  "transfer-encoding": "as `connection`; how a body is framed may differ where its bytes do not",
  "content-length": "as `transfer-encoding`: the bodies themselves are compared",
  "content-encoding": "asked for as `identity`; wrangler dev names it where nothing was coded",
  etag: "an opaque word (RFC 9110, 8.8.3): each platform makes its own; whether there is one is compared",
  "cf-cache-status": "tells of a cache of Cloudflare's",
  "x-server-env": "wrangler pages dev says `dev` there of files that it serves",
  "worker3-node": "the platform says who answered",
  "worker3-version": "as `worker3-node`",
};

/** What differs between what a node answered and what `wrangler dev` did, a line each; none: they are equal. */
export function compareAnswers(got: Answer, reference: Answer): string[] {
  const differences: string[] = [];
  if (got.status !== reference.status)
    differences.push(`status ${got.status}${errorOf(got)}, not ${reference.status}`);
  const names = new Set([...Object.keys(got.headers), ...Object.keys(reference.headers)]);
  for (const name of [...names].sort()) {
    if (name in LEFT_OUT) continue;
    const [here, there] = [textOf(got.headers[name]), textOf(reference.headers[name])];
    if (here !== there) differences.push(`${name}: ${here ?? "none"}, not ${there ?? "none"}`);
  }
  if ("etag" in got.headers !== "etag" in reference.headers)
    differences.push(`etag: ${got.headers.etag ?? "none"}, not ${reference.headers.etag ?? "none"}`);
  if (!got.body.equals(reference.body)) differences.push(bodyDifference(got.body, reference.body));
  return differences;
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "object" ? value.join("\n") : value;
}

function errorOf({ headers }: Answer): string {
  const code = headers["worker3-error"];
  return code === undefined ? "" : ` (${String(code)})`;
}

const SHOWN_BYTES = 60;

function bodyDifference(got: Buffer, reference: Buffer): string {
  const shorter = Math.min(got.length, reference.length);
  let at = 0;
  while (at < shorter && got[at] === reference[at]) at += 1;
  const shown = (bytes: Buffer) => JSON.stringify(bytes.subarray(at, at + SHOWN_BYTES).toString());
  return `body of ${got.length} bytes, not ${reference.length}; from byte ${at}: ${shown(got)}, not ${shown(reference)}`;
}
