import assert from "node:assert/strict";
import { ContractError, RpcError } from "@worker3/sdk";
import { HttpRequestError } from "viem";
import { createLogger } from "./createLogger.ts";

type Entry = Record<string, unknown> & { err?: Entry; cause?: Entry; stack?: string };

/** Each entry that is written, as whoever reads the log parses it. */
function openLog() {
  const entries: Entry[] = [];
  const destination = { write: (line: string) => void entries.push(JSON.parse(line) as Entry) };
  return {
    logger: createLogger({ destination }),
    last: () => entries.at(-1) ?? assert.fail("nothing logged"),
  };
}

/** As thrown by a part that has a bug. */
function bug(message: string, cause?: unknown): Error {
  return new TypeError(message, cause === undefined ? undefined : { cause });
}

describe("the agent's log", () => {
  it("has of an error that nobody foresaw where it was thrown, and the same of all that caused it", () => {
    const { logger, last } = openLog();
    const disk = Object.assign(new Error("read failed"), { code: "EIO", errno: -5 });
    logger.error({ projectId: "7", err: bug("cannot add", bug("not a row", disk)) }, "a pass failed");
    const { msg, projectId, err } = last();
    assert.deepEqual([msg, projectId], ["a pass failed", "7"]);
    assert.deepEqual([err?.type, err?.message], ["TypeError", "cannot add"]);
    for (const entry of [err, err?.cause, err?.cause?.cause]) {
      assert.match(entry?.stack ?? "", /^ +at .*createLogger\.test\.ts:\d+/);
    }
    const root = err?.cause?.cause;
    assert.deepEqual([root?.message, root?.code, root?.errno], ["read failed", "EIO", -5]);
  });

  it("has it under any name, alone, or as a part of another", () => {
    const { logger, last } = openLog();
    const fields: object = { error: bug("one"), reason: bug("two") };
    logger.warn(fields, "two errors");
    for (const name of ["error", "reason"]) assert.match(String((last()[name] as Entry).stack), /at bug/);
    // @ts-expect-error an error is `err`, and beside it stands what the agent was at
    logger.error(bug("alone"));
    assert.deepEqual([last().err?.message, last().msg], ["alone", "alone"]);
    assert.match(last().err?.stack ?? "", /at bug/);
    logger.error({ err: new AggregateError([bug("first"), "second"], "both") }, "it failed");
    const { errors } = last().err as { errors: [Entry, string] };
    const [first, second] = errors;
    assert.deepEqual([first.message, second], ["first", "second"]);
    assert.match(first.stack ?? "", /at bug/);
  });

  it("has of an error that worker3 throws on purpose what it says, and the stack of what caused it", () => {
    const { logger, last } = openLog();
    const cause = bug("fetch failed");
    const said = { code: "RPC_UNREACHABLE", message: "it is away", value: "rpc.example", next: "look at it" };
    logger.warn({ err: new RpcError({ ...said, cause } as never) }, "cannot follow the chain");
    const { cause: logged, ...err } = last().err ?? {};
    assert.deepEqual(err, { type: "RpcError", ...said });
    assert.match(logged?.stack ?? "", /at bug/);
  });

  it("has of a contract's refusal that is known by name what it says alone, and of any other what caused it", () => {
    const { logger, last } = openLog();
    const cause = bug("execution reverted: \u0000\u0000");
    const said = { code: "NODE_RETIRED", message: "Node 4 retired.", value: "4", cause };
    logger.warn({ err: new ContractError({ ...said, errorName: "NodeRetired" }) }, "the contract refuses");
    const { cause: _, ...short } = said;
    assert.deepEqual(last().err, { type: "ContractError", errorName: "NodeRetired", ...short });
    logger.warn({ err: new ContractError({ ...said, code: "REVERTED" }) }, "the contract refuses");
    assert.match(last().err?.cause?.stack ?? "", /at bug/);
  });

  it("has of an RPC's address the host alone, whichever library says it", () => {
    const { logger, last } = openLog();
    const url = "https://user:secret@rpc.example/v2/secret-key";
    const cause = bug(`connect to ${url} failed`);
    const body = { method: "eth_sendRawTransaction", params: ["0xlong"] };
    const error = new RpcError({
      code: "RPC_UNREACHABLE",
      message: "it is away",
      cause: new HttpRequestError({ url, body, cause }),
    });
    logger.warn({ err: error }, "cannot follow the chain");
    const text = JSON.stringify(last());
    assert.doesNotMatch(text, /secret|0xlong/);
    assert.match(text, /"connect to https:\/\/rpc\.example failed"/);
    assert.match(text, /"url":"https:\/\/rpc\.example"/);
  });

  it("ends where errors cause each other, and takes what is no error", () => {
    const { logger, last } = openLog();
    const one = bug("one");
    one.cause = bug("two", one);
    logger.error({ err: one }, "round and round");
    assert.equal(last().err?.cause?.cause?.message, "one");
    logger.error({ err: "only a text" }, "thrown");
    assert.equal(last().err, "only a text");
  });

  it("does not compile where an error is handed in under another name", () => {
    const { logger, last } = openLog();
    const error: unknown = bug("one");
    // @ts-expect-error an error is `err`
    logger.error({ error }, "wrong");
    // @ts-expect-error an error is `err`
    logger.error({ projectId: "7", cause: error }, "wrong");
    // @ts-expect-error an error is `err`
    logger.child({ part: "cells" }).warn({ error }, "wrong");
    assert.match(String((last().error as Entry).stack), /at bug/);
  });
});
