/** Where a server listens. */
export interface Listen {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** `host:port`, `[::1]:port` or a port alone, which is on all addresses. */
export function listen(text: string): Listen {
  const [, bracketed, plain, digits = ""] =
    /^(?:(?:\[([0-9a-fA-F:]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = digits === "" ? Number.NaN : Number(digits);
  if (port <= 65_535) return { host: bracketed ?? plain ?? "0.0.0.0", port };
  throw new RangeError("an address to listen on is host:port, such as 0.0.0.0:8080");
}
