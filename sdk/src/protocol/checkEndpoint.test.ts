import { throwsCode } from "../testing/throwsCode.ts";
import { checkEndpoint } from "./checkEndpoint.ts";

describe("checkEndpoint", () => {
  for (const endpoint of [
    "https://n1.example.org",
    "https://n1.example.org:8443",
    "https://[2001:db8::1]:443",
    `https://${"a".repeat(120)}`,
  ]) {
    it(`takes ${endpoint.slice(0, 40)}`, () => checkEndpoint(endpoint));
  }

  const bad: [endpoint: string, code: string][] = [
    ["", "ENDPOINT_HAS_NO_SCHEME"],
    ["https://", "ENDPOINT_HAS_NO_SCHEME"],
    ["http://n1.example.org", "ENDPOINT_HAS_NO_SCHEME"],
    ["HTTPS://n1.example.org", "ENDPOINT_HAS_NO_SCHEME"],
    ["https://n1.example.org/", "ENDPOINT_HAS_WRONG_CHARACTER"],
    ["https://user@n1.example.org", "ENDPOINT_HAS_WRONG_CHARACTER"],
    ["https://N1.example.org", "ENDPOINT_HAS_WRONG_CHARACTER"],
    ["https://bücher.example", "ENDPOINT_HAS_WRONG_CHARACTER"],
    [`https://${"a".repeat(121)}`, "ENDPOINT_IS_TOO_LONG"],
    [`https://${"ü".repeat(61)}`, "ENDPOINT_IS_TOO_LONG"],
  ];
  for (const [endpoint, code] of bad) {
    it(`refuses ${endpoint.slice(0, 40)}: ${code}`, () =>
      void throwsCode(() => checkEndpoint(endpoint), code));
  }

  it("takes plain http on a devnet only", () => {
    checkEndpoint("http://127.0.0.1:8101", { allowHttp: true });
    throwsCode(() => checkEndpoint("http://", { allowHttp: true }), "ENDPOINT_HAS_NO_SCHEME");
  });
});
