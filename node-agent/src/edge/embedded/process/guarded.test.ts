import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { guarded } from "./guarded.ts";

describe("an error in what a visitor brought about", () => {
  const faults: unknown[] = [];
  const fault = (error: unknown) => void faults.push(error);

  it("costs its connection, and is told", () => {
    const connection = new PassThrough();
    const error = new Error("a fault of this process");
    guarded({ fault }, connection, () => {
      throw error;
    });
    assert.deepEqual([connection.destroyed, faults], [true, [error]]);
  });

  it("that is none costs nothing", () => {
    const connection = new PassThrough();
    faults.length = 0;
    guarded({ fault }, connection, () => {});
    assert.deepEqual([connection.destroyed, faults], [false, []]);
  });
});
