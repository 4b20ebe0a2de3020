import type { Embed } from "./serializeCapnp.ts";

/** The part of `workerd.capnp` that cells use, in its own words. Type aliases, so that they are `CapnpStruct`s. */
export type WorkerdConfig = {
  readonly services: readonly Service[];
  readonly sockets: readonly Socket[];
};

export type Service = { readonly name: string } & (
  | { readonly worker: Worker }
  | { readonly assets: Assets }
  | { readonly network: Network }
  | { readonly disk: Disk }
  | { readonly external: External }
);

export type Worker = {
  /** The first is the main module. */
  readonly modules: readonly Module[];
  readonly compatibilityDate: string;
  readonly compatibilityFlags?: readonly string[] | undefined;
  readonly bindings?: readonly Binding[] | undefined;
  readonly globalOutbound?: string;
  /** The service that `caches` asks. */
  readonly cacheApiOutbound?: string;
};

export type Module = { readonly name: string } & (
  | { readonly esModule: Embed | string }
  | { readonly commonJsModule: Embed }
  | { readonly text: Embed }
  | { readonly data: Embed }
  | { readonly wasm: Embed }
  | { readonly json: Embed }
);

export type Binding = { readonly name: string } & (
  | { readonly text: string }
  | { readonly json: string }
  | { readonly service: ServiceDesignator }
);

export type ServiceDesignator = { readonly name: string; readonly entrypoint?: string };

export type Assets = {
  readonly path: string;
  /** JSON. */
  readonly config: string;
  readonly userWorker?: string;
  readonly compatibilityDate?: string;
  readonly compatibilityFlags?: readonly string[] | undefined;
};

export type Network = {
  readonly allow: readonly string[];
  readonly tlsOptions: { readonly trustBrowserCas: boolean };
};

export type Disk = { readonly path: string; readonly writable?: boolean };

/** A server outside of the process. */
export type External = {
  /** `unix:` and a path. */
  readonly address: string;
  /** The headers replace those of the request. */
  readonly http: {
    readonly injectRequestHeaders?: readonly { readonly name: string; readonly value: string }[];
  };
};

export type Socket = {
  readonly name: string;
  readonly address: string;
  readonly http: { readonly cfBlobHeader?: string };
  readonly service: string;
};
