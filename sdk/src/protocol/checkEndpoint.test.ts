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
    ["", "ENDPOINT_SCHEME"],
    ["https://", "ENDPOINT_SCHEME"],
    ["http://n1.example.org", "ENDPOINT_SCHEME"],
    ["HTTPS://n1.example.org", "ENDPOINT_SCHEME"],
    ["https://n1.example.org/", "ENDPOINT_CHARACTER"],
    ["https://user@n1.example.org", "ENDPOINT_CHARACTER"],
    ["https://N1.example.org", "ENDPOINT_CHARACTER"],
    ["https://bücher.example", "ENDPOINT_CHARACTER"],
    [`https://${"a".repeat(121)}`, "ENDPOINT_LENGTH"],
    [`https://${"ü".repeat(61)}`, "ENDPOINT_LENGTH"],
  ];
  for (const [endpoint, code] of bad) {
    it(`refuses ${endpoint.slice(0, 40)}: ${code}`, () =>
      void throwsCode(() => checkEndpoint(endpoint), code));
  }

  it("takes plain http on a devnet only", () => {
    checkEndpoint("http://127.0.0.1:8101", { allowHttp: true });
    throwsCode(() => checkEndpoint("http://", { allowHttp: true }), "ENDPOINT_SCHEME");
  });
});
