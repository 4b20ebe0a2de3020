/** A project of others, and what becomes of it on worker3. */
export interface Project {
  /** Unique among its list; a label of a domain name can be made of it. */
  readonly name: string;
  /** What it asks of a platform, for the table: "Hono, static files, `nodejs_compat`". */
  readonly uses: string;
  /** Written into the project as `wrangler.jsonc` first: what the command says to write, where it refuses the project without. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly expected: Served | Refused;
}

/** The command deploys it, and a node answers as `wrangler dev` does. */
export interface Served {
  readonly outcome: "served";
  readonly reference: Reference;
  readonly asks: readonly Ask[];
}

/**
 * How its author runs it: `wrangler dev`; `wrangler pages dev`, of `folder` where no configuration names one; or, what a plain
 * folder of files means, `wrangler dev` with nothing but these files.
 */
export type Reference =
  | { readonly kind: "workers" }
  | { readonly kind: "pages"; readonly folder?: string }
  | { readonly kind: "folder" };

/** The command does not deploy it, and says why. */
export interface Refused {
  readonly outcome: "refused";
  readonly code: string;
  /** In its message. */
  readonly words: string;
}

/** One request. */
export interface Ask {
  /** Path and query. */
  readonly path: string;
  /** `GET` where absent. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What `wrangler dev` answers, so that two equal failures are no success; 200 where absent. */
  readonly status?: number;
}
