import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { type Hex, isHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type AgentConfig, ConfigError } from "./config.ts";

/**
 * Reads the operator's key: 32 bytes that are one.
 *
 * @throws {ConfigError} `OPERATOR_KEY_UNREADABLE`, with the file; what is in it is never shown.
 */
export async function readOperatorKey(
  config: Pick<AgentConfig, "operatorKeyFile" | "stateDirectory">,
): Promise<Hex> {
  const { operatorKeyFile, stateDirectory } = config;
  const path = isAbsolute(operatorKeyFile) ? operatorKeyFile : join(stateDirectory, operatorKeyFile);
  try {
    const text = (await readFile(path, "utf8")).trim();
    if (!isHex(text) || text.length !== 66) throw new Error("it is not 0x and 64 hexadecimal digits");
    // Not each number is a key.
    privateKeyToAccount(text);
    return text;
  } catch (cause) {
    throw new ConfigError({
      code: "OPERATOR_KEY_UNREADABLE",
      message: `the operator's key cannot be read: ${cause instanceof Error ? cause.message : "unknown"}`,
      value: path,
      next: "put back the copy that you made of it; if there is none, have the node's owner name another key (NodeRegistry.setOperator) and put that one there",
      cause: undefined,
    });
  }
}
