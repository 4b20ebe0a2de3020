import assert from "node:assert/strict";
import { type Hex, zeroAddress } from "viem";
import { testAccount } from "../testing/accounts.ts";
import { rejectsCode } from "../testing/throwsCode.ts";
import type { UploadIntent } from "./messages.ts";
import { signPeerToken } from "./signPeerToken.ts";
import { signRequest } from "./signRequest.ts";
import { signUploadIntent } from "./signUploadIntent.ts";
import { verifyPeerToken } from "./verifyPeerToken.ts";
import { verifyRequest } from "./verifyRequest.ts";
import { verifyUploadIntent } from "./verifyUploadIntent.ts";

const network = {
  chainId: 31337,
  contracts: {
    projectRegistry: "0xCf7Ed3AccA5a467e9e704C703E8D87F634fB0Fc9",
    usageSettlement: "0x5FC8d32690cc91D4c39d9d3abcBD16989F875707",
  },
} as const;
const owner = testAccount(1);
const delegate = testAccount(2);
const stranger = testAccount(3);
const nowSeconds = 1_000_000;
const intent: UploadIntent = {
  projectId: 7n,
  owner: owner.address,
  digest: `0x${"ab".repeat(32)}`,
  bytes: 1_234n,
  deadline: BigInt(nowSeconds + 900),
};
const check = {
  network,
  owner: owner.address,
  mayDeploy: (who: string) => who === delegate.address,
  nowSeconds,
};

describe("verifyUploadIntent", () => {
  it("the owner's signature counts, and a delegate's", async () => {
    for (const signer of [owner, delegate]) {
      const signature = await signUploadIntent({ network, signer, intent });
      assert.equal(await verifyUploadIntent({ ...check, intent, signature }), signer.address);
    }
  });

  it("a stranger's does not", async () => {
    const signature = await signUploadIntent({ network, signer: stranger, intent });
    await rejectsCode(verifyUploadIntent({ ...check, intent, signature }), "SIGNATURE_WRONG");
  });

  it("no field can be changed behind the signature", async () => {
    const signature = await signUploadIntent({ network, signer: owner, intent });
    const changes: Partial<UploadIntent>[] = [
      { projectId: 8n },
      { digest: `0x${"ac".repeat(32)}` },
      { bytes: 1_235n },
      { deadline: intent.deadline - 1n },
    ];
    for (const change of changes) {
      await rejectsCode(
        verifyUploadIntent({ ...check, intent: { ...intent, ...change }, signature }),
        "SIGNATURE_WRONG",
      );
    }
  });

  it("an intent for another chain or another registry does not count", async () => {
    for (const other of [
      { ...network, chainId: 1 },
      { ...network, contracts: { ...network.contracts, projectRegistry: network.contracts.usageSettlement } },
    ]) {
      const signature = await signUploadIntent({ network: other, signer: owner, intent });
      await rejectsCode(verifyUploadIntent({ ...check, intent, signature }), "SIGNATURE_WRONG");
    }
  });

  it("is refused when it expired, and when its deadline lies more than 15 minutes ahead", async () => {
    const late = { ...intent, deadline: BigInt(nowSeconds - 1) };
    const early = { ...intent, deadline: BigInt(nowSeconds + 901) };
    for (const [changed, code] of [
      [late, "SIGNATURE_EXPIRED"],
      [early, "SIGNATURE_TOO_FAR_AHEAD"],
    ] as const) {
      const signature = await signUploadIntent({ network, signer: owner, intent: changed });
      await rejectsCode(verifyUploadIntent({ ...check, intent: changed, signature }), code);
    }
  });

  it("is refused when the project changed hands", async () => {
    const signature = await signUploadIntent({ network, signer: owner, intent });
    await rejectsCode(
      verifyUploadIntent({ ...check, owner: stranger.address, intent, signature }),
      "OWNER_CHANGED",
    );
  });

  it("the zero owner signs nothing", async () => {
    const nobody = { ...intent, owner: zeroAddress };
    const signature: Hex = `0x${"00".repeat(65)}`;
    await rejectsCode(
      verifyUploadIntent({ ...check, owner: zeroAddress, intent: nobody, signature }),
      "SIGNATURE_WRONG",
    );
  });
});

describe("verifyRequest", () => {
  const request = { method: "GET", path: "/.well-known/worker3/usage/7/10", nodeId: 1, deadline: 1_000_060n };

  it("is for one signer, one path, one node and until its deadline", async () => {
    const signature = await signRequest({ network, signer: owner, request });
    const signed = { network, request, signature, signer: owner.address, nowSeconds };
    await verifyRequest(signed);
    await rejectsCode(verifyRequest({ ...signed, signer: stranger.address }), "SIGNATURE_WRONG");
    await rejectsCode(verifyRequest({ ...signed, request: { ...request, path: "/" } }), "SIGNATURE_WRONG");
    await rejectsCode(verifyRequest({ ...signed, request: { ...request, nodeId: 2 } }), "SIGNATURE_WRONG");
    await rejectsCode(verifyRequest({ ...signed, nowSeconds: 1_000_061 }), "SIGNATURE_EXPIRED");
    await rejectsCode(verifyRequest({ ...signed, maxAheadSeconds: 30 }), "SIGNATURE_TOO_FAR_AHEAD");
  });
});

describe("verifyPeerToken", () => {
  const token = { fromNodeId: 1, toNodeId: 2, projectId: 7n, deadline: 1_000_060n };

  it("is for one pair of nodes, one project and until its deadline", async () => {
    const signature = await signPeerToken({ network, signer: owner, token });
    const signed = { network, token, signature, signer: owner.address, nowSeconds };
    await verifyPeerToken(signed);
    await rejectsCode(verifyPeerToken({ ...signed, token: { ...token, toNodeId: 3 } }), "SIGNATURE_WRONG");
    await rejectsCode(verifyPeerToken({ ...signed, token: { ...token, projectId: 8n } }), "SIGNATURE_WRONG");
    await rejectsCode(verifyPeerToken({ ...signed, nowSeconds: 1_000_061 }), "SIGNATURE_EXPIRED");
  });
});
