import { throwsCode } from "../testing/throwsCode.ts";
import { checkDeadline } from "./checkDeadline.ts";

describe("checkDeadline", () => {
  const nowSeconds = 1_000.9;

  it("a message counts up to its last second", () => {
    checkDeadline({ deadline: 1_000n, nowSeconds });
    throwsCode(() => checkDeadline({ deadline: 999n, nowSeconds }), "SIGNATURE_EXPIRED");
  });

  it("a deadline lies as far ahead as is allowed, and no further", () => {
    checkDeadline({ deadline: 1_900n, nowSeconds, maxAheadSeconds: 900 });
    throwsCode(
      () => checkDeadline({ deadline: 1_901n, nowSeconds, maxAheadSeconds: 900 }),
      "SIGNATURE_TOO_FAR_AHEAD",
    );
    checkDeadline({ deadline: (1n << 64n) - 1n, nowSeconds });
  });
});
