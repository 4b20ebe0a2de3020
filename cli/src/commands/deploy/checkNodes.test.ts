import assert from "node:assert/strict";
import { NodeError, type NodeSupport, SupportError } from "@worker3/sdk";
import { throwsCode } from "@worker3/sdk/testing";
import { judgeNodes } from "./checkNodes.ts";

const too = new SupportError({ code: "COMPATIBILITY_DATE_TOO_NEW", message: "too new" });
const away = new NodeError({ code: "NODE_TIMEOUT", message: "away" });
const errors = { yes: undefined, no: too, unknown: away };

describe("whether a project's nodes can run it", () => {
  const nodes = (...all: NodeSupport["runs"][]): NodeSupport[] =>
    all.map((runs, index) => ({ nodeId: index + 1, endpoint: "", runs, error: errors[runs] }));
  const cases: [all: NodeSupport["runs"][], outcome: string | string[]][] = [
    [["yes", "yes"], []],
    [["no", "yes"], ["node 1 will not serve this: too new"]],
    [["unknown", "yes"], ["node 1 does not say whether it can run this: away"]],
    [
      ["no", "unknown", "yes"],
      ["node 1 will not serve this: too new", "node 2 does not say whether it can run this: away"],
    ],
    [
      ["no", "yes", "no", "no", "unknown", "unknown"],
      [
        "node 1, node 3, and node 4 will not serve this: too new",
        "node 5 and node 6 do not say whether they can run this: away",
      ],
    ],
    [["unknown"], "NODES_SILENT"],
    [["no", "unknown"], too.code],
    [["no", "no"], too.code],
    [[], []],
  ];
  for (const [all, outcome] of cases) {
    it(`${all.join(", ") || "none"}: ${typeof outcome === "string" ? outcome : `${outcome.length} notices`}`, () => {
      if (typeof outcome === "string") {
        const { message } = throwsCode(() => judgeNodes(nodes(...all)), outcome);
        for (const index of all.keys()) assert.match(message, new RegExp(`node ${index + 1} `));
        assert.equal(message.split(/too new|away/).length - 1, new Set(all).size, "each reason once");
      } else assert.deepEqual(judgeNodes(nodes(...all)), outcome);
    });
  }
});
