/** What `wrangler.jsonc` binds. */
export interface Environment {
  Bindings: {
    ASSETS: { fetch(request: Request): Promise<Response> };
    VERSION: string;
    FEATURES: { echo: boolean };
  };
}
