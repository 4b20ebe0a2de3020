import assert from "node:assert/strict";
import { answerWithin } from "./answerWithin.ts";

describe("what a machine is asked about", () => {
  it("is told as it answers, as it fails, or that it did not answer in time", async () => {
    const failed = new Error("refused");
    assert.equal(await answerWithin(Promise.resolve(7), 60_000), 7);
    await assert.rejects(answerWithin(Promise.reject(failed), 60_000), failed);
    // Its timer keeps no process alive: whoever asks waits for a connection.
    const connection = setInterval(() => undefined, 1_000);
    try {
      await assert.rejects(answerWithin(new Promise(() => undefined), 5), /^Error: no answer after 5 ms$/);
    } finally {
      clearInterval(connection);
    }
  });
});
