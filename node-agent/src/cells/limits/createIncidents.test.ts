import assert from "node:assert/strict";
import { createIncidents } from "./createIncidents.ts";

const SPEC = { projectId: 7n, version: 0, cid: "bafy" };

describe("incidents", () => {
  let logged: Record<string, unknown>[];
  let nowMs: number;
  let incidents: ReturnType<typeof createIncidents>;
  beforeEach(() => {
    logged = [];
    nowMs = 1_000_000;
    incidents = createIncidents({
      logger: { warn: (about: object) => void logged.push({ ...about }) },
      versionOf: ({ cid }) => (cid === "bafy" ? 3 : 0),
      nowMs: () => nowMs,
    });
  });
  const cutRequests = (count: number) =>
    incidents.addRequests(
      Array.from({ length: count }, (_, i) => ({ projectId: 7n, version: 3, code: "CPU_LIMIT", id: `${i}` })),
    );

  it("name the version that visitors get, though its cell began before it had a number", () => {
    incidents.add(SPEC, { code: "CPU_LIMIT", message: "requests used 200 ms" });
    cutRequests(1);
    const of = incidents.of(7n);
    assert.deepEqual(
      of.map(({ version, requests, requestIds }) => [version, requests, requestIds]),
      [[3, 1, ["0"]]],
    );
  });

  it("whose cut is told of before they are, by another way, are one with it", () => {
    cutRequests(1);
    incidents.add(SPEC, { code: "CPU_LIMIT", message: "requests used 200 ms" });
    assert.deepEqual(
      incidents.of(7n).map(({ message, requests, requestIds }) => [message, requests, requestIds]),
      [["requests used 200 ms", 1, ["0"]]],
    );
  });

  it("of thousands of requests are one line and one entry, with their number and the first ids", () => {
    incidents.add(SPEC, { code: "CPU_LIMIT", message: "requests used 200 ms" });
    cutRequests(4_100);
    assert.equal(logged.length, 2);
    assert.deepEqual([logged[1]?.count, (logged[1]?.ids as string[] | undefined)?.length], [4_100, 10]);
    const [incident, ...others] = incidents.of(7n);
    assert.deepEqual([incident?.requests, incident?.requestIds.length, others.length], [4_100, 10, 0]);
  });

  it("that go on are one, with the newest figures; what is another thing is another", () => {
    for (let i = 1; i <= 50; i++) {
      nowMs += 1_500;
      incidents.add(SPEC, { code: "CPU_LIMIT", message: `requests used ${i} ms` });
    }
    incidents.add(SPEC, { code: "MEMORY_LIMIT", message: "it uses 9 MiB: a fresh one takes its place" });
    incidents.add(SPEC, { code: "MEMORY_LIMIT", message: "it uses 9 MiB: it is killed" });
    nowMs += 2_001;
    incidents.add(SPEC, { code: "CPU_LIMIT", message: "requests used 7 ms" });
    assert.deepEqual(
      incidents.of(7n).map(({ message, count }) => `${count} ${message}`),
      [
        "1 requests used 7 ms",
        "1 it uses 9 MiB: it is killed",
        "1 it uses 9 MiB: a fresh one takes its place",
        "50 requests used 50 ms",
      ],
    );
    assert.equal(logged.length, 4);
  });
});
