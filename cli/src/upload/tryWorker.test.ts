import assert from "node:assert/strict";
import { startProblem } from "./tryWorker.ts";

describe("a worker's start that fails", () => {
  const cases: Record<string, { output: string; problem: string; log?: string }> = {
    "is told by the error and where it was thrown": {
      output: "service worker: Uncaught TypeError: no\n  at index.js:2:24 in f\n  at index.js:3:1",
      problem: "Uncaught TypeError: no (at index.js:2:24 in f of the bundle)",
      log: "service worker: Uncaught TypeError: no\n  at index.js:2:24 in f\n  at index.js:3:1",
    },
    "is told without a place where there is none": {
      output: "service worker: Uncaught Error: no luck\n",
      problem: "Uncaught Error: no luck",
    },
    "is not told by what the worker printed before": {
      output: "configuring\n  at home\nservice worker: Uncaught Error: no key\n  at index.js:1:9",
      problem: "Uncaught Error: no key (at index.js:1:9 of the bundle)",
      log: "configuring\n  at home\nservice worker: Uncaught Error: no key\n  at index.js:1:9",
    },
    "names a line of the project's own, not of the platform's": {
      output:
        "service worker: Uncaught Error: Disallowed\n  at node-internal:timers:5:1 in T\n  at index.js:1:1",
      problem: "Uncaught Error: Disallowed (at index.js:1:1 of the bundle)",
      log: "service worker: Uncaught Error: Disallowed\n  at node-internal:timers:5:1 in T\n  at index.js:1:1",
    },
    "is told by the first line where workerd says it otherwise": {
      output: "kj/exception.c++:1: fatal: out of luck\nstack: 1 2",
      problem: "kj/exception.c++:1: fatal: out of luck",
      log: "kj/exception.c++:1: fatal: out of luck\nstack: 1 2",
    },
    "is told without a word of workerd": { output: "", problem: "workerd ends without a word" },
  };
  for (const [what, { output, problem, log }] of Object.entries(cases)) {
    it(what, () => assert.deepEqual(startProblem(output), { problem, log }));
  }

  it("is told with the line of the bundle, and with none of another module", () => {
    const entry = { name: "index.js", text: "// src/a.ts\n  const length = key.length;\n" };
    const said = (place: string): string =>
      startProblem(`service worker: Uncaught Error: no\n  at ${place}`, entry).problem;
    assert.equal(
      said("index.js:2:20 in f"),
      "Uncaught Error: no (at index.js:2:20 in f of the bundle: const length = key.length;)",
    );
    assert.equal(said("other.js:2:20"), "Uncaught Error: no (at other.js:2:20 of the bundle)");
    assert.equal(said("index.js:9:1"), "Uncaught Error: no (at index.js:9:1 of the bundle)");
  });
});
