import assert from "node:assert/strict";
import { createNetworkWriter } from "../network/createNetworkWriter.ts";
import { testAccount } from "../testing/accounts.ts";
import { exampleAddresses } from "../testing/exampleAddresses.ts";
import { throwsCode } from "../testing/throwsCode.ts";
import { senderOf } from "./send.ts";
import { requiredContracts } from "./table.ts";

describe("senderOf", () => {
  const own = testAccount(1);
  const network = {
    chainId: 31337,
    rpcUrls: ["http://127.0.0.1:1"],
    zone: "worker3.localhost",
    contracts: exampleAddresses(requiredContracts),
    deploymentBlock: 0n,
    times: { genesis: 0, epochSeconds: 20, late: 3, dispute: 3, decide: 5, creditThaw: 5, stakeThaw: 14 },
  } as const;
  const writer = createNetworkWriter({ network, account: own });

  it("is the writer's own account unless another is given", () => {
    assert.equal(senderOf(writer, undefined), own);
    const other = testAccount(2);
    assert.equal(senderOf(writer, other), other);
    assert.equal(senderOf(writer, other.address).type, "json-rpc");
  });

  it("the own account by its address is the one with the key", () => {
    assert.equal(senderOf(writer, own.address), own);
  });

  it("is asked for where there is none", () => {
    throwsCode(() => senderOf(createNetworkWriter({ network }), undefined), "NO_ACCOUNT");
  });
});
