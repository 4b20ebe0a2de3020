import { ApiError } from "./ApiError.ts";
import { badRequest } from "./pathParameters.ts";

export type Format = "car" | "raw";

const MEDIA_TYPES: Readonly<Record<string, Format>> = {
  "application/vnd.ipld.car": "car",
  "application/vnd.ipld.raw": "raw",
};

/** The only CAR that there is here: what these parameters may say, in the query (`car-order`) and in `Accept` (`order`). */
const CAR_PARAMETERS: readonly (readonly [query: string, accept: string, values: readonly string[]])[] = [
  ["car-version", "version", ["1"]],
  ["car-order", "order", ["dfs", "unk"]],
  ["car-dups", "dups", ["n"]],
];

/**
 * What a request to the trustless gateway asks for. The query wins over `Accept`; of several types in `Accept` the one with
 * the highest `q` that can be had.
 *
 * Source: https://specs.ipfs.tech/http-gateways/trustless-gateway/
 *
 * @throws {ApiError} `FORMAT_MISSING`, `NOT_ACCEPTABLE`, `BAD_REQUEST`.
 */
export function negotiateFormat(query: URLSearchParams, accept: string | undefined): Format {
  const format = query.get("format");
  if (format !== null && format !== "car" && format !== "raw") throw notAcceptable(format);
  const asked = format ?? formatOf(accept);
  if (asked === "car") checkCarQuery(query);
  return asked;
}

function formatOf(accept: string | undefined): Format {
  const types = (accept ?? "").split(",").map(parseType);
  const fitting = types.filter(({ format, q, isServed }) => format !== undefined && isServed && q > 0);
  const [best] = fitting.sort((a, b) => b.q - a.q);
  if (best?.format !== undefined) return best.format;
  if (accept === undefined || types.every(({ name }) => name === "" || name === "*/*")) {
    throw new ApiError({
      code: "FORMAT_MISSING",
      message: "this is a trustless gateway: it gives CARs and raw blocks, and the request names neither",
      next: "add ?format=car or ?format=raw",
    });
  }
  throw notAcceptable(accept);
}

function parseType(text: string): { name: string; format: Format | undefined; q: number; isServed: boolean } {
  const [name = "", ...rest] = text.split(";").map((part) => part.trim().toLowerCase());
  const parameters = new Map(rest.map((part) => splitPair(part)));
  const format = Object.hasOwn(MEDIA_TYPES, name) ? MEDIA_TYPES[name] : undefined;
  const isServed =
    format !== "car" ||
    CAR_PARAMETERS.every(([, parameter, values]) =>
      values.includes(parameters.get(parameter) ?? values[0] ?? ""),
    );
  const q = Number(parameters.get("q") ?? "1");
  return { name, format, q: Number.isNaN(q) ? 0 : q, isServed };
}

function splitPair(part: string): [name: string, value: string] {
  const at = part.indexOf("=");
  return at < 0
    ? [part, ""]
    : [
        part.slice(0, at).trim(),
        part
          .slice(at + 1)
          .trim()
          .replace(/^"(.*)"$/, "$1"),
      ];
}

function checkCarQuery(query: URLSearchParams): void {
  for (const [parameter, , values] of CAR_PARAMETERS) {
    const value = query.get(parameter);
    if (value !== null && !values.includes(value)) throw unsupported(parameter, value);
  }
  const scope = query.get("dag-scope");
  if (scope !== null && scope !== "all") throw unsupported("dag-scope", scope);
  const bytes = query.get("entity-bytes");
  if (bytes !== null) throw unsupported("entity-bytes", bytes);
}

function unsupported(parameter: string, value: string): ApiError {
  return badRequest("only whole DAGs are given, depth first, each block once", `${parameter}=${value}`);
}

function notAcceptable(value: string): ApiError {
  return new ApiError({
    code: "NOT_ACCEPTABLE",
    message:
      "only application/vnd.ipld.car (version=1; order=dfs; dups=n) and application/vnd.ipld.raw are given",
    value,
    next: "ask with ?format=car or ?format=raw",
  });
}
