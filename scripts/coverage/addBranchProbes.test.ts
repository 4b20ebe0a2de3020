import assert from "node:assert/strict";
import { addBranchProbes } from "./addBranchProbes.ts";
import { parseSolidity } from "./parseSolidity.ts";

const contract = (body: string): string => `contract C {
    function f(bool a, bool b, uint256 n) external returns (uint256) {
        ${body}
    }
}`;

const probe = (body: string, instrumented = contract(body)) =>
  addBranchProbes({ file: "c.sol", original: contract(body), instrumented });
const textsOf = (body: string): string[] =>
  probe(body)
    .outcomes.filter(({ outcome }) => outcome !== "false")
    .map(({ text }) => text);

describe("Probes for branches", () => {
  it("see both outcomes of whatever is tested, and each operand of && and ||", () => {
    assert.deepEqual(textsOf("if (n > 1) return 1;"), ["n > 1"]);
    assert.deepEqual(textsOf("return a ? 1 : 2;"), ["a"]);
    assert.deepEqual(textsOf("while (n > 3) n--;"), ["n > 3"]);
    assert.deepEqual(textsOf("for (uint256 i = 0; i < n; i++) {}"), ["i < n"]);
    assert.deepEqual(textsOf("if (a && (b || n == 2)) return 1;"), ["a", "b", "n == 2"]);
    assert.deepEqual(textsOf("bool c = !(a || b);"), ["a", "b"]);
    assert.deepEqual(textsOf("if ((a ? n : 1) == 2) return 1;"), ["(a ? n : 1) == 2", "a"]);
    assert.deepEqual(textsOf("try this.g() {} catch { n = 1; }"), ["{}", "{ n = 1; }"]);
    assert.deepEqual(textsOf("for (;;) {}"), []);
  });

  it("leave a file that still parses, and in which nothing but probes was added", () => {
    const body = 'if (a ? b : n == 1) { unicode"ä"; } else if (a || !b) return a && b ? 1 : 2;';
    const { source, outcomes } = probe(body);
    parseSolidity(source);
    const without = source
      .replaceAll(/__BranchProbes\.see\(0x[0-9a-f]{64}, ((?:[^()]|\([^()]*\))*?)\)/g, "$1")
      .replaceAll(/__BranchProbes\.see\(0x[0-9a-f]{64}, ((?:[^()]|\([^()]*\))*?)\)/g, "$1");
    assert.equal(without, `${contract(body)}\nimport "__BranchProbes.sol";\n`);
    assert.equal(new Set(outcomes.map(({ tag }) => tag)).size, outcomes.length);
  });

  it("name the line of the file in git, whatever others added before", () => {
    const body = "n++;\n        if (a) return 1;";
    const others = contract("seen();\nseen(); n++;\n        if (a){seen(); return 1;\n}");
    assert.deepEqual(
      probe(body, others).outcomes.map(({ line, text, outcome }) => [line, text, outcome]),
      [
        [4, "a", "true"],
        [4, "a", "false"],
      ],
    );
  });

  it("refuse inline assembly that branches: they would not see it", () => {
    assert.throws(() => probe("assembly { if n { n := 1 } }"), /inline assembly branches/);
  });

  it("refuse a file that others gave branches of their own", () => {
    assert.throws(
      () => probe("n++;", contract("if (a) n++;")),
      /c\.sol has 0 branches, and with other probes 1/,
    );
  });
});
