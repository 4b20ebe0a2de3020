import assert from "node:assert/strict";
import { byEpoch, judge } from "./judge.ts";
import type { Seen } from "./load.ts";

describe("what chaos is judged by", () => {
  const place = { projectId: "1", domain: "a.test", nodeId: 2, http: "", text: "a" };
  const seen = (more: Partial<Seen> = {}): Seen => ({
    place,
    sent: 12,
    answeredAtMs: [1_000, 2_000, 3_000, 4_000, 9_000],
    others: new Map([
      ["503 SYNCING", 3],
      ["ECONNREFUSED", 4],
    ]),
    wrong: [],
    ...more,
  });
  const counted = (requests: number) => [{ projectId: "1", nodeId: 2, epoch: 0, requests }];

  it("takes what lies between what was answered and what was sent, over all receipts", () => {
    for (const requests of [5, 12])
      assert.deepEqual(judge({ seen: [seen()], counted: counted(requests), edgeKills: [] }), []);
    const twice = [...counted(2), ...counted(3), { projectId: "1", nodeId: 1, epoch: 0, requests: 50 }];
    assert.deepEqual(judge({ seen: [seen()], counted: twice, edgeKills: [] }), []);
  });

  it("finds what is lost and what is doubled", () => {
    assert.match(judge({ seen: [seen()], counted: counted(4), edgeKills: [] }).join(), /4 .* 5 at least/);
    assert.match(judge({ seen: [seen()], counted: counted(13), edgeKills: [] }).join(), /13 .* 12 were sent/);
  });

  it("lets a killed edge process lose what it had not reported, and no more", () => {
    const edgeKills = [{ nodeId: 2, atMs: 3_500 }];
    assert.deepEqual(judge({ seen: [seen()], counted: counted(3), edgeKills }), []);
    assert.equal(judge({ seen: [seen()], counted: counted(2), edgeKills }).length, 1);
    assert.equal(
      judge({ seen: [seen()], counted: counted(3), edgeKills: [{ nodeId: 1, atMs: 3_500 }] }).length,
      1,
    );
  });

  it("shows in which epoch a loss lies", () => {
    const [line] = byEpoch({ seen: [seen()], counted: counted(4) }, (ms) => (ms < 5_000 ? 0 : 1));
    assert.match(line ?? "", /project 1 on node 2, .*: 0: 4\/4, 1: 1\/0$/);
  });

  it("finds pages of others, and answers that no trouble of a node excuses", () => {
    const others = new Map([
      ["404 UNKNOWN_HOST", 1],
      ["402 NO_CREDIT", 2],
    ]);
    const faults = judge({ seen: [seen({ others, wrong: ["b"] })], counted: counted(5), edgeKills: [] });
    assert.equal(faults.length, 3);
    assert.match(
      judge({ seen: [seen({ answeredAtMs: [] })], counted: [], edgeKills: [] }).join(),
      /no request/,
    );
  });
});
