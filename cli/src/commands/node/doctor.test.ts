import assert from "node:assert/strict";
import { verdictOf } from "./doctor.ts";

describe("the doctor's verdict", () => {
  it("says what start would do with the settings of this folder", () => {
    const both = ["sandbox", "network"] as const;
    for (const [missing, allowed, verdict] of [
      [[], [], /^This machine holds strangers' code to the minimum\.$/],
      [
        both,
        both,
        /no sandbox, no network\. .* serves here all the same.*allowUnsandboxed and cells\.allowHostNetwork\.$/,
      ],
      [["network"], ["network"], /serves here all the same, for node\.json says cells\.allowHostNetwork\.$/],
      [
        both,
        ["network"],
        /refuses here, though node\.json says cells\.allowHostNetwork, .*: --allow-unsandboxed\.$/,
      ],
      [both, [], /refuses here, unless told otherwise: --allow-unsandboxed and --allow-host-network\.$/],
    ] as const)
      assert.match(verdictOf({ missing, allowed }), verdict);
  });
});
