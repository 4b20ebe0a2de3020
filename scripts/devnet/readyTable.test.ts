import assert from "node:assert/strict";
import { contractKeys } from "@worker3/sdk";
import { exampleAddresses } from "@worker3/sdk/testing";
import type { Address } from "viem";
import type { ReadyDocument } from "./readyDocument.ts";
import { readyTable } from "./readyTable.ts";

const address: Address = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const document: ReadyDocument = {
  event: "ready",
  pid: 7,
  chainId: 31337,
  rpcUrl: "http://127.0.0.1:8545",
  zone: "worker3.localhost",
  decimals: 6,
  contracts: exampleAddresses(contractKeys),
  accounts: { deployer: { address, privateKey: "0xabc" } },
  nodes: [
    {
      nodeId: 1,
      http: "http://127.0.0.1:8101",
      host: "n1.nodes.worker3.localhost",
      admin: "/home/ada/.worker3/n1/admin.sock",
      region: "weur",
      pid: 4711,
    },
  ],
  deploymentBlock: 1,
  epochSeconds: 20,
  genesis: "2026-11-22T12:00:00.000Z",
  times: { late: 4, dispute: 3, decide: 5, creditThaw: 6, stakeThaw: 19 },
  timings: {},
};
const table = (change: Partial<ReadyDocument>, stateDirectory = "/home/ada/.worker3") =>
  readyTable({
    document: { ...document, ...change },
    stateDirectory,
    currentDirectory: "/home/ada",
    seconds: "9.8",
  });

describe("the table of a devnet", () => {
  it("shows where the sample, the nodes and the chain are, and what to try", () => {
    const url = "http://hello.worker3.localhost:8101";
    const sample = { projectId: "1", version: 1, cid: "bafy", domain: "hello.worker3.localhost", url };
    assert.equal(
      table({ sample }),
      `The devnet is ready (9.8 s).

  ${url}

  node  region  address                pid
  1     weur    http://127.0.0.1:8101  4711

  chain     http://127.0.0.1:8545, id 31337, a block a second, epochs of 20 s
  deployer  ${address}, its key and those of the others are in .worker3/devnet.json
  logs      .worker3/n<node>/agent.log

Try, in another terminal:

  export WORKER3_PRIVATE_KEY=0xabc
  npx worker3 deploy test/projects/sample --domain mine.worker3.localhost --deposit 10 --yes
  curl -i http://hello.worker3.localhost:8101/api/hello
  npx worker3 verify hello.worker3.localhost --all
  npx worker3 usage hello.worker3.localhost

Ctrl-C stops all of it.
`,
    );
  });

  it("says why the sample is not there, and suggests nothing that needs it", () => {
    const text = table({ sample: { error: { code: "NO_CREDIT", message: "there is no credit" } } });
    assert.match(text, /The sample project is not there: there is no credit/);
    assert.doesNotMatch(text, /hello\.worker3/);
  });

  it("names the network file where the command would not find it by itself", () => {
    assert.match(table({}, "/tmp/x"), /export WORKER3_NETWORK=\/tmp\/x\/devnet\.json/);
    assert.match(table({}, "/home/ada/two"), /export WORKER3_NETWORK=two\/devnet\.json/);
  });
});
