import assert from "node:assert/strict";
import { address } from "./address.ts";
import { amount, positiveAmount } from "./amount.ts";
import { nodeIds, region, regions } from "./list.ts";
import { listen } from "./listen.ts";
import { percentAsBps } from "./percent.ts";
import { nodeId, versionNumber } from "./wholeNumber.ts";

describe("texts of the command line", () => {
  const refuses = (parse: (text: string) => unknown, ...texts: string[]): void => {
    for (const text of texts) assert.throws(() => parse(text), Error, text);
  };

  it("amounts are in whole tokens", () => {
    assert.deepEqual([amount("1.5"), amount("0"), positiveAmount("0.000001")], [1_500_000n, 0n, 1n]);
    refuses(amount, "-1", "1e3", "1,5", "0.0000001", "");
    refuses(positiveAmount, "0", "0.0");
  });

  it("numbers have bounds", () => {
    assert.deepEqual([nodeId("16777215"), versionNumber("1")], [16_777_215, 1]);
    refuses(nodeId, "0", "16777216", "1.5", "0x1", " 1", "");
  });

  it("lists name each once, eight at most", () => {
    assert.deepEqual(nodeIds("3, 1,2"), [3, 1, 2]);
    assert.deepEqual(regions("weur,apac"), ["weur", "apac"]);
    refuses(nodeIds, "1,1", "1,2,3,4,5,6,7,8,9", "1,,2", "a");
    refuses(region, "eu", "");
  });

  it("percentages have two decimals and end below 100", () => {
    assert.deepEqual([percentAsBps("10"), percentAsBps("0.07"), percentAsBps("99.99")], [1_000, 7, 9_999]);
    refuses(percentAsBps, "100", "-1", "1.234", "ten");
  });

  it("addresses are checksummed, or plainly lower case", () => {
    const checksummed = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    assert.deepEqual([address(checksummed), address(checksummed.toLowerCase())], [checksummed, checksummed]);
    refuses(address, checksummed.replace("C5", "c5"), "0x12", "me");
  });

  it("a place to listen has a host and a port", () => {
    assert.deepEqual(listen("127.0.0.1:80"), { host: "127.0.0.1", port: 80 });
    assert.deepEqual(listen("[::1]:0"), { host: "::1", port: 0 });
    assert.deepEqual(listen("8080"), { host: "0.0.0.0", port: 8080 });
    refuses(listen, "host", "host:", ":80", "host:70000", "::1:80", "");
  });
});
