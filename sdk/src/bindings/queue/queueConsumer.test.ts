import assert from "node:assert/strict";
import { Worker3Error } from "../../errors/Worker3Error.ts";
import { queueConsumer } from "./queueConsumer.ts";

describe("a queue's consumer in wrangler's configuration", () => {
  it("is a worker: one that pulls is refused by its path", () => {
    const consumers = [{ queue: "jobs" }, { queue: "dead", type: "http_pull" }];
    assert.throws(
      () => queueConsumer.fromWrangler({ queues: { consumers } }),
      (error) =>
        error instanceof Worker3Error &&
        error.code === "UNSUPPORTED_FIELD" &&
        error.value === "queues.consumers[1].type",
    );
  });
});
