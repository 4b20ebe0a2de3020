import { ASSET_MARK } from "../../../assetMarks.ts";
import { assetResponse } from "../../common/assetResponse.ts";
import { connectionOptions, HOP_BY_HOP } from "./hopByHop.ts";

export interface ResponseHeadOptions {
  /** Names and values in turn, as undici's `rawHeaders`. */
  readonly raw: readonly (Buffer | string)[];
  readonly status: number;
  readonly nodeId: number;
  /** The version that answered; absent where the agent or another node did, whose `worker3-` headers are kept. */
  readonly version?: number | undefined;
}

/** What goes on to the visitor. */
export interface ResponseHead {
  readonly status: number;
  /** Names and values in turn, without framing of the connection. */
  readonly headers: string[];
}

/** The head of a response, as it goes on to the visitor. */
export function responseHead(options: ResponseHeadOptions): ResponseHead {
  const { raw, version } = options;
  const headers: string[] = [];
  const listed = new Set<string>();
  let isAsset = false;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = text(raw[index]);
    const lower = name.toLowerCase();
    if (lower === "connection")
      for (const option of connectionOptions(text(raw[index + 1]))) listed.add(option);
    if (HOP_BY_HOP.has(lower)) continue;
    if (lower === ASSET_MARK) isAsset = true;
    if (lower.startsWith("worker3-") && (version !== undefined || lower === "worker3-node")) continue;
    if (lower === "content-length" && options.status === 204) continue;
    headers.push(name, text(raw[index + 1]));
  }
  // Who speaks for the platform has said what is to be said.
  const { status, added } =
    isAsset && version !== undefined
      ? assetResponse({ status: options.status, header: (name) => headerIn(raw, name) })
      : { status: options.status, added: [] };
  headers.push(...added);
  const kept = listed.size === 0 ? headers : withoutListed(headers, listed);
  kept.push("worker3-node", String(options.nodeId));
  if (version !== undefined) kept.push("worker3-version", String(version));
  return { status, headers: kept };
}

function headerIn(raw: ResponseHeadOptions["raw"], name: string): string | undefined {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    if (text(raw[index]).toLowerCase() === name) return text(raw[index + 1]);
  }
  return undefined;
}

function withoutListed(headers: readonly string[], listed: ReadonlySet<string>): string[] {
  return headers.filter((_, index) => !listed.has((headers[index - (index % 2)] as string).toLowerCase()));
}

function text(value: Buffer | string | undefined): string {
  return typeof value === "string" ? value : (value?.toString("latin1") ?? "");
}
