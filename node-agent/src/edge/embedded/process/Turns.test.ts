import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { Turns } from "./Turns.ts";

class PlayedResponse extends EventEmitter {
  shouldKeepAlive = true;
}

describe("the turns of a connection's requests", () => {
  let told: string[];
  let responses: PlayedResponse[];
  let isOver: boolean;
  let turns: Turns;
  beforeEach(() => {
    [told, responses, isOver] = [[], [], false];
    turns = new Turns({
      isOver: () => isOver,
      onIdle: () => told.push("idle"),
      onFull: () => told.push("full"),
      mayWait: 2,
    });
  });
  function take(count: number): void {
    for (let i = 0; i < count; i++) {
      const index = responses.length;
      const response = new PlayedResponse();
      responses.push(response);
      turns.take({
        response: response as unknown as ServerResponse,
        start: () => told.push(`start ${index}`),
        abandon: () => told.push(`abandon ${index}`),
      });
    }
  }

  it("each starts when the one before is answered", () => {
    take(3);
    assert.deepEqual(told, ["start 0"]);
    for (const response of responses) response.emit("finish");
    assert.deepEqual(told, ["start 0", "start 1", "start 2", "idle"]);
    take(1);
    assert.deepEqual(told.at(-1), "start 3");
  });

  it("one that is answered at once makes room for the next", () => {
    const response = new PlayedResponse();
    const start = () => void response.emit("finish");
    turns.take({ response: response as unknown as ServerResponse, start, abandon: assert.fail });
    take(1);
    assert.deepEqual(told, ["idle", "start 0"]);
  });

  it("the last that may wait ends the connection, and what comes behind it is none", () => {
    take(5);
    assert.deepEqual(
      responses.map(({ shouldKeepAlive }) => shouldKeepAlive),
      [true, true, false, true, true],
    );
    for (const response of responses) response.emit("finish");
    assert.deepEqual(told, ["start 0", "full", "start 1", "start 2", "idle"]);
  });

  it("none starts on a connection that takes no answer, and all are told when it is closed", () => {
    take(3);
    isOver = true;
    responses[0]?.emit("finish");
    turns.abandon();
    responses[1]?.emit("finish");
    assert.deepEqual(told, ["start 0", "abandon 1", "abandon 2"]);
  });
});
