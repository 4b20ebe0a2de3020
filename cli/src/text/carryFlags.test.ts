import assert from "node:assert/strict";
import { carryFlags, givenFlags } from "./carryFlags.ts";

const commands = ["deploy", "pack", "push", "credit", "node", "versions", "project", "export", "receipts"];
const carry = (args: string[], text: string): string =>
  carryFlags({ given: givenFlags(args), commands, from: args[0] ?? "" })(text);

describe("flags that are carried to what is typed next", () => {
  const NETWORK = ["deploy", "--network", "main"];
  const cases: [name: string, args: string[], text: string, carried: string][] = [
    ["a line alone", NETWORK, "worker3 credit deposit 7 1.5", "worker3 credit deposit 7 1.5 --network main"],
    [
      "several lines in a sentence",
      NETWORK,
      "worker3 credit deposit 7 5, then worker3 push /a/b.c 7",
      "worker3 credit deposit 7 5 --network main, then worker3 push /a/b.c 7 --network main",
    ],
    [
      "a placeholder of several words, and a line in brackets",
      NETWORK,
      "first: worker3 push <its folder or CAR> 7; or later (worker3 versions 7). Then more",
      "first: worker3 push <its folder or CAR> 7 --network main; or later (worker3 versions 7 --network main). Then more",
    ],
    [
      "placeholders with something before or behind them",
      ["node", "register", "--network", "main"],
      "worker3 deploy . --domain <name>.zone.dev, or worker3 node register --endpoint https://<your host>:1",
      "worker3 deploy . --domain <name>.zone.dev --network main, or worker3 node register --endpoint https://<your host>:1 --network main",
    ],
    [
      "a folder's name",
      NETWORK,
      "worker3 deploy dist; or add one",
      "worker3 deploy dist --network main; or add one",
    ],
    [
      "what is only talked about",
      NETWORK,
      "take what worker3 pack prints, as worker3 credit balance does too",
      "take what worker3 pack prints, as worker3 credit balance does too",
    ],
    ["a command that asks no network", NETWORK, "worker3 pack dir", "worker3 pack dir"],
    [
      "what is there already",
      NETWORK,
      "worker3 versions 7 --network side",
      "worker3 versions 7 --network side",
    ],
    [
      "the node's folder, to commands of nodes only",
      ["node", "init", "--state", "/srv/my node"],
      "worker3 node start, then worker3 versions 7",
      "worker3 node start --state '/srv/my node', then worker3 versions 7",
    ],
    [
      "what makes a folder another content",
      ["deploy", "dist", "--spa", "--yes"],
      "worker3 push ./dist 7, or worker3 versions 7",
      "worker3 push ./dist 7 --spa, or worker3 versions 7",
    ],
    [
      "the environment, by either name",
      ["deploy", "-e", "staging", "--rpc=http://127.0.0.1:8545"],
      "worker3 push . 7",
      "worker3 push . 7 -e staging --rpc http://127.0.0.1:8545",
    ],
    [
      "terms of a deployment, to a deployment, where the line has none of its own; never the deposit",
      ["deploy", "--cap", "0.5", "--replicas=2", "--deposit", "1", "--domain", "a.b"],
      "worker3 deploy . --domain a.b --deposit 4; later worker3 credit deposit a.b <amount>",
      "worker3 deploy . --domain a.b --deposit 4 --cap 0.5 --replicas 2; later worker3 credit deposit a.b <amount>",
    ],
    [
      "nodes of another command",
      ["project", "nodes", "7", "--nodes", "1"],
      "worker3 deploy .",
      "worker3 deploy .",
    ],
    [
      "no key, nor what an RPC's address hides",
      ["deploy", "--key", "0x12", "--keystore", "k.json", "--yes", "--rpc", "https://rpc.example/v3/s3cret"],
      "worker3 versions 7",
      "worker3 versions 7 --rpc https://rpc.example/...",
    ],
    [
      "nothing of what follows --",
      ["push", "--", "--network", "x"],
      "worker3 versions 7",
      "worker3 versions 7",
    ],
  ];
  for (const [name, args, text, carried] of cases) {
    it(name, () => assert.equal(carry(args, text), carried));
  }
});
