/** The options that every command takes, as given; the environment is read where one is missing. */
export interface Settings {
  readonly json: boolean;
  readonly yes: boolean;
  readonly verbose: boolean;
  /** A name or a file. */
  readonly network: string | undefined;
  /** A URL, instead of the network's own. */
  readonly rpc: string | undefined;
  readonly key: string | undefined;
  /** A file. */
  readonly keystore: string | undefined;
  readonly keystorePassword: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the command line says goes before the environment, also across kinds: `--keystore` before `WORKER3_PRIVATE_KEY`.
 *
 * @param options As commander parsed them.
 */
export function settingsOf(options: Readonly<Record<string, unknown>>, environment: Environment): Settings {
  const text = (name: string): string | undefined => {
    const value = options[name];
    return typeof value === "string" ? value : undefined;
  };
  const named = text("key") !== undefined || text("keystore") !== undefined;
  return {
    json: options.json === true,
    yes: options.yes === true,
    verbose: options.verbose === true || Boolean(environment.DEBUG),
    network: text("network") ?? (environment.WORKER3_NETWORK || undefined),
    rpc: text("rpc"),
    key: text("key") ?? (named ? undefined : environment.WORKER3_PRIVATE_KEY || undefined),
    keystore: text("keystore"),
    keystorePassword: environment.WORKER3_KEYSTORE_PASSWORD,
  };
}
