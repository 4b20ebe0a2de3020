import assert from "node:assert/strict";
import { folderWith } from "../testing/projectFolder.ts";
import { bundleProject } from "./bundleProject.ts";

/** workerd really reads them. */
describe("lines of _headers and _redirects without effect", function () {
  this.timeout(60_000);

  async function noticesOf(files: Record<string, string>): Promise<readonly string[]> {
    await using folder = await folderWith({ "index.html": "", ...files });
    await using bundled = await bundleProject({ directory: folder.path });
    return bundled.notices;
  }

  it("are told a line each, with number and reason", async () => {
    const notices = await noticesOf({
      _headers: "/x\n  A: b\n/y\n  bad line\n",
      _redirects: ["/a", "/b ftp://x 301", "/c /d 418", "/ok /fine", "/p/:a/:a /q/:a 302", "/ok /twice"].join(
        "\n",
      ),
    });
    const expected: [file: string, reason: RegExp, line: string][] = [
      ["_redirects:1", /Expected exactly 2 or 3 whitespace-separated tokens\. Got 1\./, "/a"],
      ["_redirects:2", /URLs should either be relative .* or use HTTPS/, "/b ftp://x 301"],
      ["_redirects:3", /Valid status codes are .* Got 418\./, "/c /d 418"],
      ["_redirects:6", /Ignoring duplicate rule for path \/ok\./, "/ok /twice"],
      ["_headers:4", /Expected a colon-separated header pair/, "bad line"],
      ["_headers", /No headers specified/, "/y"],
    ];
    for (const [place, reason, line] of expected) {
      const found = notices.filter(
        (notice) => notice.startsWith(`${place} `) && notice.endsWith(`(${line})`),
      );
      assert.equal(found.length, 1, `${place} in ${notices.join("\n")}`);
      assert.match(found[0] ?? "", reason);
    }
    assert.equal(notices.filter((notice) => notice.includes("/p/:a/:a")).length, 1);
    assert.equal(notices.length, expected.length + 1, notices.join("\n"));
  });

  it("are none where every line has one, also behind a byte order mark and with CRLF", async () => {
    assert.deepEqual(
      await noticesOf({
        _headers: "\uFEFF/x\r\n  A: ü\r\n# a comment\r\n",
        _redirects: '\uFEFF/a /b 301\r\n/s/* https://ex.org/:splat\r\n/q /"\\n" # \u2028',
      }),
      [],
    );
  });

  it("are counted above 20", async () => {
    const notices = await noticesOf({
      _redirects: Array.from({ length: 50 }, (_, i) => `/line${i}`).join("\n"),
    });
    assert.equal(notices.length, 21);
    assert.match(notices.at(-1) ?? "", /^and 30 more/);
  });
});
