/** What becomes of a field of wrangler's configuration. Empty values (`[]`, `{}`, `false`) ask for nothing, whatever the rule. */
export type FieldRule =
  /** Honoured here, or by wrangler when it bundles. */
  | "taken"
  /** Says nothing about what is served. */
  | "ignored"
  /** Left aside, and the person is told why. */
  | { readonly notice: string }
  /** What is served would not be what the project asks for. */
  | { readonly refused: string }
  | { readonly fields: FieldRules }
  | { readonly items: FieldRules };

export type FieldRules = Readonly<Record<string, FieldRule>>;

/** Refusals of fields in several places. */
export const REFUSALS = {
  noBinding: { refused: "is a service of Cloudflare's that nodes do not have" },
  otherWorker: { refused: "names another worker; on worker3 each project stands alone" },
  noLimit: { refused: "is no limit that nodes enforce" },
  noPlace: { refused: "cannot be promised: a replica is where its node is" },
} as const satisfies FieldRules;
