import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  asset,
  carOf,
  encodeIntentHeader,
  escrow,
  INTENT_HEADER,
  type NetworkWriter,
  pack,
  parseDeploymentCid,
  projects,
  serializeManifest,
  signUploadIntent,
} from "@worker3/sdk";
import type { PrivateKeyAccount } from "viem/accounts";
import { createVisitor } from "./createVisitor.ts";
import type { Heads } from "./watchHeads.ts";

const sample = join(import.meta.dirname, "../../../test/projects/sample");
/** Epochs that the deposit pays: more than the benchmark sees. */
const PAID_EPOCHS = 10n;
const INTENT_SECONDS = 600;

export interface CreateProjectParameters {
  readonly writer: NetworkWriter;
  readonly owner: PrivateKeyAccount;
  readonly heads: Heads;
  readonly name: string;
  readonly replicas: readonly { readonly nodeId: number; readonly http: string }[];
  readonly signal: AbortSignal;
}

/** A project with credit and a version that is live, whose owner deploys again and again. */
export interface BenchProject extends Disposable {
  /**
   * Puts its next version live: the content goes to all replicas first, so that its cells are warm, then the transaction.
   *
   * @returns Of each replica, the milliseconds from the arrival of the block to the first page of the version.
   */
  deploy(): Promise<number[]>;
}

export async function createBenchProject(parameters: CreateProjectParameters): Promise<BenchProject> {
  const { writer, owner, heads, name, replicas, signal } = parameters;
  const { network } = writer;
  const domain = `${name}.${network.zone}`;
  const cap = await projects.defaultCap(writer);
  const nodeIds = replicas.map(({ nodeId }) => nodeId);
  const { projectId } = await projects.createProjectOn(writer, { domain, cap, nodeIds });
  const amount = cap * BigInt(replicas.length) * PAID_EPOCHS;
  await asset.ensureAllowance(writer, { spender: network.contracts.creditEscrow, amount });
  await escrow.deposit(writer, { projectId, amount });
  const visitors = replicas.map(({ http }) => createVisitor(http, domain));
  let version = 0;

  async function upload({ cid, car }: Content): Promise<void> {
    const intent = {
      projectId,
      owner: owner.address,
      digest: parseDeploymentCid(cid).digest,
      bytes: BigInt(car.length),
      deadline: BigInt(Math.floor(Date.now() / 1000) + INTENT_SECONDS),
    };
    const signature = await signUploadIntent({ network, signer: owner, intent });
    const headers = {
      "content-type": "application/vnd.ipld.car",
      [INTENT_HEADER]: encodeIntentHeader({ intent, signature }),
    };
    const put = async (nodeUrl: string) => {
      const url = `${nodeUrl}/.well-known/worker3/car/${cid}`;
      const answer = await fetch(url, { method: "PUT", headers, body: car, signal });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`);
    };
    await Promise.all(replicas.map(({ http }) => put(http)));
  }

  const untilLive = () => Promise.all(visitors.map((visitor) => visitor.untilVersion(version, signal)));

  // The first version: only its transaction tells the nodes that the project has one.
  const first = await contentOf(`${domain}, version 1`);
  ({ version } = await projects.addVersion(writer, { projectId, cid: first.cid, live: true, signal }));
  await upload(first);
  await untilLive();

  return {
    async deploy() {
      version += 1;
      const content = await contentOf(`${domain}, version ${version}`);
      await upload(content);
      // Sent when a block has just come, so that the next one, a second later, holds it.
      await heads.next();
      const sent = projects.addVersion(writer, { projectId, cid: content.cid, live: true, signal });
      sent.catch(() => undefined); // heard below
      await heads.next();
      const seen = await untilLive();
      const minedAt = heads.arrivedAt((await sent).blockNumber);
      return seen.map((at) => at - minedAt);
    },
    [Symbol.dispose]() {
      for (const visitor of visitors) visitor[Symbol.dispose]();
    },
  };
}

interface Content {
  readonly cid: string;
  readonly car: Uint8Array<ArrayBuffer>;
}

/** The sample's worker, and a small page with this text. */
async function contentOf(text: string): Promise<Content> {
  const manifest = serializeManifest({
    manifest: 2,
    main: "index.js",
    modules: { "index.js": "esm" },
    compatibilityDate: "2026-11-01",
    assets: { runWorkerFirst: ["/api/*"] },
    vars: { GREETING: "Hello" },
  });
  const folder = [
    { path: ".worker3/manifest.json", content: manifest },
    { path: ".worker3/worker/index.js", content: await readFile(join(sample, "src/index.js")) },
    { path: "index.html", content: new TextEncoder().encode(`<!doctype html><p>${text}</p>\n`) },
  ];
  const { cid } = await pack(folder);
  return { cid, car: await carOf(folder) };
}
