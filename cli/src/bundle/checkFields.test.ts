import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { bindingFields } from "@worker3/sdk";
import { BundleError } from "./BundleError.ts";
import { checkFields } from "./checkFields.ts";
import { FIELD_RULES } from "./fieldRules.ts";
import { isRecord } from "./isRecord.ts";

/** Checks a configuration that holds for no environment, as it is written. */
function check(raw: Record<string, unknown>): string[] {
  return checkFields({ raw, effective: raw, environment: undefined });
}

function refusal(run: () => unknown): BundleError {
  try {
    run();
  } catch (error) {
    if (error instanceof BundleError) return error;
    throw error;
  }
  return assert.fail("nothing was refused");
}

describe("checkFields", () => {
  const cases: [name: string, raw: Record<string, unknown>, code: string, value: string][] = [
    ["a field that nobody knows", { compat_date: "2026-01-01" }, "UNKNOWN_FIELD", "compat_date"],
    ["a mistyped field inside another", { assets: { directry: "x" } }, "UNKNOWN_FIELD", "assets.directry"],
    [
      "a mistyped field in a list",
      { kv_namespaces: [{ bindng: "KV" }] },
      "UNKNOWN_FIELD",
      "kv_namespaces[0].bindng",
    ],
    ["a name that every object has", { constructor: {} }, "UNKNOWN_FIELD", "constructor"],
    ["R2", { r2_buckets: [{ binding: "B", bucket_name: "b" }] }, "UNSUPPORTED_FIELD", "r2_buckets"],
    ["AI", { ai: { binding: "AI" } }, "UNSUPPORTED_FIELD", "ai"],
    ["another worker", { services: [{ binding: "S", service: "s" }] }, "UNSUPPORTED_FIELD", "services"],
    [
      "an object of another worker",
      { durable_objects: { bindings: [{ name: "A", class_name: "A", script_name: "other" }] } },
      "UNSUPPORTED_FIELD",
      "durable_objects.bindings[0].script_name",
    ],
    ["required secrets", { secrets: { required: ["KEY"] } }, "UNSUPPORTED_FIELD", "secrets"],
  ];
  it("tells what is left aside, old fields of wrangler's too, and goes on", () => {
    const old = ["usage_model", "zone_id", "type", "webpack_config", "tail_consumers"];
    const raw = {
      ...Object.fromEntries(old.map((name) => [name, name === "tail_consumers" ? [{ service: "t" }] : "x"])),
      limits: { cpu_ms: 5, subrequests: 3 },
      assets: { directory: "x", experimental_serve_directly: true },
    };
    // Wrangler's reader drops what it does not know.
    const effective = { tail_consumers: [{ service: "t" }], limits: raw.limits, assets: raw.assets };
    const notices = checkFields({ raw, effective, environment: undefined });
    for (const path of [...old, "limits.subrequests", "assets.experimental_serve_directly"]) {
      assert.ok(
        notices.some((notice) => notice.startsWith(`${path} is left aside: `)),
        path,
      );
    }
    assert.equal(notices.length, 7);
  });

  it("names what is unknown and what is refused at once", () => {
    const raw = { compat_date: "x", ai: { binding: "AI" }, r2_buckets: [{ binding: "B" }] };
    const error = refusal(() => check(raw));
    for (const path of Object.keys(raw)) assert.ok(error.message.includes(`${path} `), path);
  });

  for (const [name, raw, code, value] of cases) {
    it(`refuses ${name}`, () => {
      const error = refusal(() => check(raw));
      assert.equal(error.code, code);
      assert.equal(error.value, value);
      assert.ok(error.message.includes(value), error.message);
      assert.ok(error.next?.includes(value));
    });
  }

  it("names all that it refuses", () => {
    const error = refusal(() => check({ ai: { binding: "AI" }, r2_buckets: [{ binding: "B" }] }));
    assert.match(error.message, /r2_buckets.*ai/);
  });

  it("takes empty values, which generated configurations spell out", () => {
    assert.deepEqual(
      check({
        r2_buckets: [],
        logfwdr: { bindings: [] },
        unsafe: {},
        first_party_worker: false,
        site: undefined,
      }),
      [],
    );
  });

  it("leaves aside what changes nothing that is served, and says so", () => {
    const notices = check({ observability: { enabled: true }, routes: ["example.org/*"], account_id: "1" });
    assert.equal(notices.length, 2);
    assert.match(notices.join(" "), /routes .*observability /);
  });

  it("judges what holds for the chosen environment", () => {
    const raw = {
      r2_buckets: [{ binding: "B" }],
      env: { live: { ai: { binding: "AI" } }, other: { nonsense: 1 } },
    };
    const error = refusal(() =>
      checkFields({ raw, effective: { r2_buckets: [], ai: { binding: "AI" } }, environment: "live" }),
    );
    assert.equal(error.code, "UNSUPPORTED_FIELD");
    assert.equal(error.value, "env.live.ai");
    const mistyped = refusal(() => checkFields({ raw, effective: {}, environment: "other" }));
    assert.equal(mistyped.value, "env.other.nonsense");
  });

  it("leaves the fields of bindings to the kinds", () => {
    for (const [name, rule] of Object.entries(bindingFields)) assert.equal(FIELD_RULES[name], rule, name);
  });

  it("has a rule for every field of this wrangler", async () => {
    const path = join(
      dirname(createRequire(import.meta.url).resolve("wrangler/package.json")),
      "config-schema.json",
    );
    const schema: unknown = JSON.parse(await readFile(path, "utf8"));
    assert.ok(isRecord(schema) && isRecord(schema.definitions));
    const { RawConfig } = schema.definitions;
    assert.ok(isRecord(RawConfig) && isRecord(RawConfig.properties));
    const unruled = Object.keys(RawConfig.properties).filter((name) => !Object.hasOwn(FIELD_RULES, name));
    assert.deepEqual(unruled, []);
  });
});
