/** What a cell's process gets of the environment: nothing of the agent's, and the time zone that Workers run in. */
export const CELL_ENVIRONMENT: Readonly<Record<string, string>> = { TZ: "UTC" };
