import assert from "node:assert/strict";
import { asset, escrow, projects } from "@worker3/sdk";
import { setSuccessor, testAccount } from "@worker3/sdk/testing";
import { commandOn } from "../testing/commandOn.ts";
import { type NodeDouble, playNode } from "../testing/playNode.ts";
import { startTestChain, type TestChain } from "../testing/startTestChain.ts";

const CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

/** A real chain; the nodes are doubles that tell what a test has them tell. The agent itself is in `test/e2e`. */
describe("whoami and projects, on a chain", function () {
  this.timeout(120_000);
  let doubles: readonly [NodeDouble, NodeDouble];
  let chain: TestChain;
  let owner = "";

  before(async () => {
    doubles = [await playNode(1), await playNode(2)];
    chain = await startTestChain(doubles.map(({ endpoint }) => endpoint));
    owner = chain.ownerKey.account.address;
    // Projects 1 to 4 are the owner's, and 5 somebody else's.
    for (const name of ["one", "two", "three", "four"]) {
      await projects.deploy(chain.owner, { domain: `${name}.worker3.localhost`, cid: CID });
    }
    await projects.deploy(chain.admin, { domain: "five.worker3.localhost", cid: CID });
    await asset.approve(chain.owner, {
      spender: chain.net.network.contracts.creditEscrow,
      amount: 9_000_000n,
    });
    await escrow.deposit(chain.owner, { projectId: 2n, amount: 5_000_000n });
  });
  after(async () => {
    await chain[Symbol.asyncDispose]();
    for (const double of doubles) await double[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    for (const { node } of doubles) Object.assign(node, { owned: new Map(), pageRows: 100 });
  });

  const row = (projectId: number, ...domains: string[]) => ({ projectId: String(projectId), domains });
  const tells = (index: 0 | 1, ...rows: ReturnType<typeof row>[]) =>
    void doubles[index].node.owned.set(owner.toLowerCase(), rows);
  const one = row(1, "one.worker3.localhost");
  const two = row(2, "two.worker3.localhost");

  it("lists what either of two nodes tells, as the chain has it", async () => {
    tells(0, one);
    tells(1, two);
    const document = await chain.worker3.json("projects");
    assert.deepEqual(
      document.projects.map(({ runwaySeconds: _, nodeIds: __, ...rest }: Record<string, unknown>) => rest),
      [
        {
          projectId: "1",
          domains: one.domains,
          active: 1,
          cid: CID,
          balance: "0",
          available: "0",
          closedFrom: null,
        },
        {
          projectId: "2",
          domains: two.domains,
          active: 1,
          cid: CID,
          balance: "5000000",
          available: "5000000",
          closedFrom: null,
        },
      ],
    );
    assert.deepEqual([document.owner, document.more, document.notes], [owner, false, []]);
    assert.deepEqual([...document.askedNodes].sort(), [1, 2]);
    const { runwaySeconds } = await chain.worker3.json("credit", "balance", "2");
    assert.equal(document.projects[1].runwaySeconds, runwaySeconds);
    const { stdout } = await chain.worker3.run("projects");
    assert.match(stdout, /^2 +two\.worker3\.localhost +version 1 of 1 +5 USD +at least \d/m);
    assert.match(stdout, /^"At least": if every node charges its whole cap\.$/m);
    const credit = await chain.worker3.run("credit", "balance", "2");
    assert.match(credit.stdout, /lasts for at least \d.*, if every node charges its whole cap\.$/m);
  });

  it("drops with a note what the chain does not confirm: others' projects, none, others' domains", async () => {
    tells(
      0,
      row(1, "one.worker3.localhost", "five.worker3.localhost", "no domain", "free.worker3.localhost"),
      row(5),
      row(99),
    );
    tells(1, one);
    const { projects: rows, notes } = await chain.worker3.json("projects");
    assert.deepEqual(
      rows.map(({ projectId, domains }: { projectId: string; domains: string[] }) => [projectId, domains]),
      [["1", ["one.worker3.localhost"]]],
    );
    for (const text of [
      "project 5,",
      "project 99,",
      '"five.worker3.localhost"',
      '"no domain"',
      '"free.worker3.localhost"',
    ]) {
      assert.equal(
        notes.filter((note: string) => note.includes(text) && note.startsWith("Node 1 ")).length,
        1,
        text,
      );
    }
    assert.equal(notes.length, 5);
  });

  it("tells domains that no node told by their number", async () => {
    tells(0, row(1));
    const { projects: rows, notes } = await chain.worker3.json("projects");
    assert.deepEqual(rows[0].domains, []);
    assert.deepEqual(notes, ["Project 1 has more domains: 1 were not told."]);
  });

  it("goes through pages up to its limit, and says where there are more", async () => {
    const all = [1, 2, 3, 4].map((id) => row(id));
    for (const index of [0, 1] as const) {
      tells(index, ...all);
      doubles[index].node.pageRows = 1;
    }
    const idsOf = ({ projects: rows }: { projects: { projectId: string }[] }) =>
      rows.map(({ projectId }) => projectId);
    const whole = await chain.worker3.json("projects", "--limit", "4");
    assert.deepEqual([idsOf(whole), whole.more], [["1", "2", "3", "4"], false]);
    const some = await chain.worker3.json("projects", "--limit", "3");
    assert.deepEqual([idsOf(some), some.more], [["1", "2", "3"], true]);
    assert.ok(some.notes.includes("There are more than 3: --limit."), some.notes);
  });

  it("lists another's without a key, and says that somebody has none", async () => {
    const admin = testAccount(0).address;
    doubles[0].node.owned.set(admin.toLowerCase(), [row(5, "five.worker3.localhost")]);
    await using keyless = await commandOn(chain.net.network);
    const theirs = await keyless.json("projects", "--owner", admin);
    assert.deepEqual([theirs.owner, theirs.projects[0].projectId], [admin, "5"]);
    const nobody = `0x${"ab".repeat(20)}`;
    assert.match((await keyless.run("projects", "--owner", nobody)).stdout, /owns no project/);
    assert.equal((await keyless.error(2, "projects")).code, "NO_ACCOUNT");
    assert.equal((await keyless.error(2, "projects", "--owner", "0x12")).code, "USAGE");
  });

  it("a node whose pages do not go on, or that is no node, is one that does not answer", async () => {
    tells(0, two, one); // in no order
    tells(1, two);
    const { projects: rows, askedNodes, notes } = await chain.worker3.json("projects");
    assert.deepEqual([rows.length, rows[0].projectId, askedNodes], [1, "2", [2]]);
    assert.match(notes.join(), /Only node 2 could be asked, for 1 did not answer/);
    tells(1, two, one);
    const error = await chain.worker3.error(1, "projects");
    assert.equal(error.code, "NODES_SILENT");
    assert.match(error.next ?? "", /worker3 project show/);
  });

  it("whoami tells account, network, holdings, nodes and projects", async () => {
    tells(0, one);
    tells(1, two, row(5));
    const { network } = chain.net;
    const { prices, ...who } = await chain.worker3.json("whoami");
    assert.equal(prices.perGiBStored, "1000");
    const address = chain.ownerKey.account.address;
    assert.deepEqual(who, {
      address,
      network: { chainId: 31_337, zone: network.zone, rpc: new URL(network.rpcUrls[0]).host },
      balances: {
        native: String(await chain.owner.publicClient.getBalance({ address })),
        token: String(await asset.balanceOf(chain.owner, { who: address })),
        allowances: {
          creditEscrow: "4000000",
          nodeRegistry: String(
            await asset.allowanceOf(chain.owner, { owner: address, spender: network.contracts.nodeRegistry }),
          ),
        },
      },
      nodes: [],
      projects: 2,
      moreProjects: false,
    });
    const { stdout } = await chain.worker3.run("whoami");
    assert.match(stdout, /^prices +.*, 0\.001 USD a GiB stored for an epoch$/m);
    assert.match(stdout, /^allows +4 USD to credit/m);
    assert.match(stdout, /^projects +2: worker3 projects$/m);
    for (const index of [0, 1] as const) tells(index, two, one);
    assert.equal((await chain.worker3.json("whoami")).projects, null, "where no node can be believed");
  });

  it("whoami tells nodes by owner and by operator", async () => {
    await using admin = await commandOn(
      chain.net.network,
      `0x${"ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"}`,
    );
    assert.deepEqual((await admin.json("whoami")).nodes, [1, 2]);
  });

  it("every command tells where a network moves to, and goes on", async () => {
    const { contracts } = chain.net.network;
    assert.doesNotMatch((await chain.worker3.run("versions", "1")).stderr, /This network moves/);
    await setSuccessor(chain.admin, { successor: contracts.lens });
    const { code, stderr } = await chain.worker3.run("versions", "1");
    assert.equal(code, 0);
    assert.match(
      stderr,
      new RegExp(`^This network moves: its settlement names ${contracts.lens} as the one after it\\.`, "m"),
    );
  });
});
