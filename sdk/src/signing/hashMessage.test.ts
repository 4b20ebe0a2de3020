import assert from "node:assert/strict";
import { encodeAbiParameters, keccak256, toHex } from "viem";
import { hashMessage } from "./hashMessage.ts";
import { MESSAGE_TYPES, type MessageName, type Messages } from "./messages.ts";
import { signingDomain } from "./signingDomain.ts";

const network = {
  chainId: 31337,
  contracts: {
    projectRegistry: "0xCf7Ed3AccA5a467e9e704C703E8D87F634fB0Fc9",
    usageSettlement: "0x5FC8d32690cc91D4c39d9d3abcBD16989F875707",
  },
} as const;
const word = `0x${"11".repeat(32)}` as const;

/** As the interface documents them. */
const TYPES: Record<MessageName, string> = {
  UploadIntent: "UploadIntent(uint64 projectId,address owner,bytes32 digest,uint64 bytes,uint64 deadline)",
  SignedRequest: "SignedRequest(string method,string path,uint32 nodeId,uint64 deadline)",
  PeerToken: "PeerToken(uint32 fromNodeId,uint32 toNodeId,uint64 projectId,uint64 deadline)",
  EndpointProof: "EndpointProof(uint32 nodeId,string endpoint,bytes32 nonce)",
  UsageBatch: "UsageBatch(uint32 nodeId,uint32 epoch,bytes32 statements,bytes receipts)",
  Release: "Release(uint64 projectId,uint32 nodeId,uint32 epoch,uint64 amount)",
};

const messages: { [name in MessageName]: Messages[name] } = {
  UploadIntent: {
    projectId: 1n,
    owner: network.contracts.projectRegistry,
    digest: word,
    bytes: 5n,
    deadline: 9n,
  },
  SignedRequest: { method: "GET", path: "/a?b=c", nodeId: 1, deadline: 9n },
  PeerToken: { fromNodeId: 1, toNodeId: 2, projectId: 3n, deadline: 9n },
  EndpointProof: { nodeId: 1, endpoint: "https://node.example.org", nonce: word },
  UsageBatch: { nodeId: 1, epoch: 2, statements: word, receipts: "0x1234" },
  Release: { projectId: 1n, nodeId: 2, epoch: 3, amount: 4n },
};

describe("the EIP-712 messages", () => {
  for (const name of Object.keys(TYPES) as MessageName[]) {
    it(`${name} has exactly the documented type`, () => {
      const fields = MESSAGE_TYPES[name].map((field) => `${field.type} ${field.name}`).join(",");
      assert.equal(`${name}(${fields})`, TYPES[name]);
    });

    it(`the hash of ${name} is that of EIP-712, computed by hand`, () => {
      const message: Record<string, unknown> = { ...messages[name] };
      const values = MESSAGE_TYPES[name].map(({ name: field, type }) => {
        const value = message[field];
        if (type === "string") return { type: "bytes32", value: keccak256(toHex(String(value))) };
        if (type === "bytes") return { type: "bytes32", value: keccak256(value as `0x${string}`) };
        return { type, value };
      });
      const struct = keccak256(
        encodeAbiParameters(
          [{ type: "bytes32" }, ...values.map(({ type }) => ({ type }))],
          [keccak256(toHex(TYPES[name])), ...values.map(({ value }) => value)],
        ),
      );
      assert.equal(hashMessage(network, name, messages[name]), joined(name, struct));
    });
  }

  it("batches and releases are for the settlement, the others for the project registry", () => {
    for (const name of Object.keys(TYPES) as MessageName[]) {
      const settled = name === "UsageBatch" || name === "Release";
      assert.equal(
        signingDomain(network, name).verifyingContract,
        settled ? network.contracts.usageSettlement : network.contracts.projectRegistry,
      );
    }
  });
});

function joined(name: MessageName, struct: `0x${string}`): `0x${string}` {
  const { verifyingContract } = signingDomain(network, name);
  const separator = keccak256(
    encodeAbiParameters(
      [
        { type: "bytes32" },
        { type: "bytes32" },
        { type: "bytes32" },
        { type: "uint256" },
        { type: "address" },
      ],
      [
        keccak256(
          toHex("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
        ),
        keccak256(toHex("worker3")),
        keccak256(toHex("1")),
        31337n,
        verifyingContract ?? "0x",
      ],
    ),
  );
  return keccak256(`0x1901${separator.slice(2)}${struct.slice(2)}`);
}
