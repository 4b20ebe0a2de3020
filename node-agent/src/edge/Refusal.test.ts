import assert from "node:assert/strict";
import { type RefusalForm, refusalForm, refusalPage } from "./Refusal.ts";

describe("the page of a refusal", () => {
  const firefox = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
  const accepted: [string | undefined, RefusalForm][] = [
    [undefined, "text"],
    ["", "text"],
    ["*/*", "text"],
    ["image/avif,image/webp,*/*;q=0.8", "text"],
    [firefox, "html"],
    ["TEXT/HTML", "html"],
    ["application/json", "json"],
    ["application/json, text/plain, */*", "json"],
    ["text/html;q=0.5, application/json", "json"],
    ["application/json;q=0.5, text/html;level=1;q=0.9", "html"],
    ["text/html, application/json", "html"],
    ["application/json, text/html", "json"],
    ["text/html;q=0, application/json;q=0.0", "text"],
    ["text/html;q=many", "text"],
    ["application/json-seq, xtext/html", "text"],
  ];
  for (const [accept, form] of accepted) {
    it(`is ${form} for ${accept}`, () => assert.equal(refusalForm(accept), form));
  }

  const refusal = {
    status: 503,
    code: "CODE",
    message: `<script>alert("1")</script> & 'more'`,
    retryAfterSeconds: 5,
    version: 3,
    id: "0123456789abcdef",
  };
  const header = ({ headers }: { headers: readonly string[] }, name: string) =>
    headers[headers.indexOf(name) + 1];

  for (const form of ["html", "json", "text"] as const) {
    it(`says the same with the same headers, whatever the form: ${form}`, () => {
      const page = refusalPage(refusal, { nodeId: 7, form });
      assert.equal(header(page, "worker3-error"), "CODE");
      assert.equal(header(page, "worker3-error-id"), refusal.id);
      assert.equal(header(page, "worker3-node"), "7");
      assert.equal(header(page, "worker3-version"), "3");
      assert.equal(header(page, "retry-after"), "5");
      assert.equal(header(page, "content-length"), String(Buffer.byteLength(page.body)));
      for (const part of ["CODE", refusal.id, "more"]) assert.ok(page.body.includes(part), part);
    });
  }

  it("of HTML runs nothing that is in a message", () => {
    const { body } = refusalPage(refusal, { nodeId: 7, form: "html" });
    assert.doesNotMatch(body, /<script|"1"|'more'|& /);
    assert.match(body, /&lt;script&gt;alert\(&quot;1&quot;\)&lt;\/script&gt; &amp; &#39;more&#39;/);
    // Nothing is loaded from anywhere.
    assert.doesNotMatch(body, /https?:|src=|href=|url\(/);
  });
});
