import assert from "node:assert/strict";
import { DevnetError } from "./DevnetError.ts";
import { parseOptions } from "./parseOptions.ts";

describe("the options of the devnet", () => {
  it("are the defaults that scripts rely on where none is given", () => {
    assert.deepEqual(parseOptions([], "/home/ada"), {
      help: false,
      nodes: 3,
      stateDirectory: "/home/ada/.worker3",
      rpcPort: 8545,
      portBase: 8100,
      epochSeconds: 20,
      confirmations: undefined,
      json: false,
      sample: true,
    });
  });

  it("are taken as given", () => {
    const line =
      "--nodes 20 --state /tmp/x --port-base 9000 --rpc-port 9545 --epoch-seconds 12 --confirmations 30 --json --no-sample";
    assert.deepEqual(parseOptions(line.split(" "), "/home/ada"), {
      help: false,
      nodes: 20,
      stateDirectory: "/tmp/x",
      rpcPort: 9545,
      portBase: 9000,
      epochSeconds: 12,
      confirmations: 30,
      json: true,
      sample: false,
    });
  });

  const wrong: [args: string, inMessage: RegExp][] = [
    ["--nodes 0", /--nodes .* "0"/],
    ["--nodes 65", /--nodes .* 1 to 64/],
    ["--nodes three", /--nodes .* "three"/],
    ["--nodes=-1", /--nodes .* "-1"/],
    ["--nodes 1e1", /--nodes .* "1e1"/],
    ["--port-base 65533", /--port-base .* 65532/],
    ["--rpc-port 8102", /8102 is also the port of node 2/],
    ["--epoch-seconds 9", /--epoch-seconds .* 10 to/],
    ["--epoch-seconds 4294967296", /--epoch-seconds/],
    ["--state=", /--state/],
    ["--stat x", /--stat/],
    ["--nodes", /--nodes/],
    ["start", /start/],
  ];
  for (const [args, inMessage] of wrong) {
    it(`refuse ${args}`, () => {
      assert.throws(
        () => parseOptions(args.split(" "), "/"),
        (error: unknown) => {
          assert.ok(error instanceof DevnetError);
          assert.equal(error.code, "USAGE");
          assert.match(error.message, inMessage);
          return true;
        },
      );
    });
  }
});
