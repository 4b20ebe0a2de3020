import assert from "node:assert/strict";
import { plainRedirects } from "./plainRedirects.ts";

describe("plainRedirects", () => {
  const cases: [line: string, becomes: string][] = [
    ["/r/* //ex.org/:splat", "/r/* https://ex.org/:splat"],
    ["/r/:a //:a.ex.org/ 301\r", "/r/:a https://:a.ex.org/ 301\r"],
    ["  /r //ex.org 302 # away", "  /r https://ex.org 302 # away"],
    ["/r/* //ex.org/:splat 200", "/r/* //ex.org/:splat 200"],
    ["/r/* ///ex.org/:splat", "/r/* ///ex.org/:splat"],
    ["/r/* /\\ex.org/:splat", "/r/* /\\ex.org/:splat"],
    ["/r/* /x//y", "/r/* /x//y"],
    ["//r https://ex.org/", "//r https://ex.org/"],
    ["/r", "/r"],
    ["", ""],
  ];
  for (const [line, becomes] of cases) {
    it(`${JSON.stringify(line)} is ${JSON.stringify(becomes)}`, () => {
      assert.equal(plainRedirects(line), becomes);
      assert.equal(plainRedirects(`/a /b\n${line}\n/c /d`), `/a /b\n${becomes}\n/c /d`);
    });
  }
});
