import { access, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { networkToJson } from "@worker3/sdk";
import type { PrivateKeyAccount } from "viem/accounts";
import { defineCommand, option } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { listen as parseListen } from "../../inputs/listen.ts";
import { isDevnet, listenText, registerLine } from "../../nodeState/nodeEndpoint.ts";
import { DEFAULT_LISTEN, findNodeFile, NODE_FILE, writeNodeFile } from "../../nodeState/nodeFile.ts";
import { coinText, operatorGas } from "../../nodeState/operatorGas.ts";
import { readOperatorKey, writeOperatorKey } from "../../nodeState/operatorKey.ts";
import { stateDirectory, stateOption } from "../../nodeState/stateOption.ts";

const KEY_FILE = "operator.key";
const DEVNET_SETTINGS = {
  // A devnet makes a block a second.
  chain: { pollMs: 500 },
  content: { allowPrivateAddresses: true },
  cells: { allowHostNetwork: true, allowUnsandboxed: true },
};

/** `worker3 node init` */
export const init = defineCommand({
  name: "init",
  summary: "sets up a node's folder: configuration and operator key",
  description:
    "Writes a node's configuration and its operator's key. The operator signs what the node served and pays the gas of that; it holds no stake.",
  options: {
    state: stateOption,
    operatorKey: option("--operator-key <hex|file>", "the operator's private key; default: a new one"),
    listen: option("--listen <host:port>", "where the node serves; default: 127.0.0.1:8080", parseListen),
  },
  examples: ["worker3 node init", "worker3 node init --state ./n1 --listen 0.0.0.0:443 --network main"],
  async run(context, { state: given, operatorKey, listen }) {
    const state = stateDirectory(given);
    if ((await findNodeFile(state)) !== undefined) {
      throw new CliError({
        code: "NODE_EXISTS",
        message: "There is a node in this folder already.",
        value: state,
        next: "name another folder with --state",
      });
    }
    const network = await context.network();
    const isLocal = isDevnet(network);
    await makeDirectory(state);
    const operator = await keyFor(join(state, KEY_FILE), operatorKey);
    // One place for its RPCs: what is changed there holds.
    const { rpcUrl: _, ...written } = networkToJson(network);
    await writeNodeFile(state, {
      network: written,
      operatorKeyFile: KEY_FILE,
      ...(listen === undefined ? {} : { listen }),
      ...(isLocal ? DEVNET_SETTINGS : {}),
    });
    const { address } = operator;
    const listens = listen ?? DEFAULT_LISTEN;
    const gas = await context
      .client()
      .then((client) => operatorGas(client, address))
      .catch(() => undefined);
    context.out(
      {
        state,
        config: join(state, NODE_FILE),
        operator: address,
        listen: listens,
        weekOfGasWei: gas?.weekWei ?? null,
        chainId: network.chainId,
        zone: network.zone,
      },
      [
        `Set up in ${state} for ${network.zone} (chain ${network.chainId}).`,
        `It listens on ${listenText(listens)}: the endpoint that you register has to lead there.`,
        gas === undefined
          ? `The operator is ${address}: send it some of the chain's own coin for gas.`
          : `The operator is ${address}: send it some of the chain's own coin for gas. About ${coinText(gas.weekWei)} last a week at today's price, for handing in receipts and claiming once a day.`,
        ...(isLocal
          ? [
              "It is a devnet: other nodes may have private addresses here, and projects are served in this machine's network, without a sandbox where there is none.",
            ]
          : []),
        `Next: ${registerLine({ network, listen: listens })}`,
      ].join("\n"),
    );
  },
});

async function makeDirectory(state: string): Promise<void> {
  try {
    await mkdir(state, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new CliError({
      code: "CONFIG_UNWRITABLE",
      message: "The node's folder cannot be made.",
      value: state,
      next: "name another with --state",
      cause,
    });
  }
}

/** A key that an earlier, broken-off `init` left is taken. */
async function keyFor(path: string, given: string | undefined): Promise<PrivateKeyAccount> {
  if (given === undefined) return (await isThere(path)) ? readOperatorKey(path) : writeOperatorKey(path);
  return writeOperatorKey(path, (await isThere(given)) ? await readFile(given, "utf8") : given);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
