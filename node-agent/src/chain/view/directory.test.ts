import assert from "node:assert/strict";
import { createDirectory } from "./directory.ts";

describe("the directory of all projects", () => {
  it("keeps thousands apart, with as many seats as each has", () => {
    const directory = createDirectory("worker3.localhost");
    const nodeIdsOf = (id: number) => Array.from({ length: id % 9 }, (_, seat) => (id * (seat + 1)) % 7);
    for (let id = 1; id <= 3_000; id++) {
      directory.claim(`p${id}.worker3.localhost`, BigInt(id));
      directory.setSeats(BigInt(id), { fromEpoch: id, nodeIds: [9] });
      directory.setSeats(BigInt(id), { fromEpoch: id + 1, nodeIds: nodeIdsOf(id) });
    }
    for (let id = 1; id <= 3_000; id++) {
      assert.equal(directory.projectAt(`p${id}.worker3.localhost`), BigInt(id));
      assert.deepEqual(directory.seatsAt(BigInt(id), id), { fromEpoch: id, nodeIds: [9] });
      assert.deepEqual(directory.seatsAt(BigInt(id), id + 1), { fromEpoch: id + 1, nodeIds: nodeIdsOf(id) });
    }
    assert.equal(directory.seatsAt(3_001n, 9_999), undefined);
  });

  it("holds the two newest terms, in whatever order they come", () => {
    const seats = (fromEpoch: number) => ({ fromEpoch, nodeIds: [fromEpoch] });
    for (const order of [
      [3, 5, 8],
      [8, 3, 5],
      [5, 8, 3],
      [8, 5, 3],
    ]) {
      const directory = createDirectory("worker3.localhost");
      for (const fromEpoch of order) directory.setSeats(1n, seats(fromEpoch));
      const asked = [4, 5, 7, 8, 99].map((epoch) => directory.seatsAt(1n, epoch));
      assert.deepEqual(asked, [undefined, seats(5), seats(5), seats(8), seats(8)], `${order}`);
    }
  });

  it("has no names outside of the zone, which several projects may claim", () => {
    const directory = createDirectory("worker3.localhost");
    for (const name of ["example.org", "notworker3.localhost", "worker3.localhost"]) {
      directory.claim(name, 1n);
      assert.equal(directory.projectAt(name), undefined, name);
    }
  });
});
