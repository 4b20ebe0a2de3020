import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { until } from "../../testing/until.ts";
import { ask } from "../testing/ask.ts";
import { makeTemporary } from "../testing/makeFolder.ts";
import { workerdBinary } from "../workerdBinary.ts";
import { cellEnvironment } from "./cellEnvironment.ts";
import { findCertificates } from "./findCertificates.ts";

/** That nobody else knows; until 2126, as its certificate for `localhost`. */
const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBkTCCATegAwIBAgIUctNxhrucXfZPeH2pjIWuSxHKvWEwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSYSB0ZXN0J3MgYXV0aG9yaXR5MCAXDTI2MTEyNzE0NTQ0OVoY
DzIxMjYxMTAzMTQ1NDQ5WjAdMRswGQYDVQQDDBJhIHRlc3QncyBhdXRob3JpdHkw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATlr73F3w7kGbcDx7Bq/JQsSv3IDMI3
cCEa0K/Y1Bar5pSW8ZW88XlFOXAM0oCNCawNnj0otZPfYa5uO6k3CLZCo1MwUTAd
BgNVHQ4EFgQUulUX+hma7qpVdrc2ZZ8PilONVjMwHwYDVR0jBBgwFoAUulUX+hma
7qpVdrc2ZZ8PilONVjMwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBF
AiEAjurU38urSTGH7/A5VqZpNHQDxIFzxJuVE1ZyEW+XY90CICBpLql1CZ2na5Ac
KYZEbT5S8jf21TKMyJcss7ADO4Pv
-----END CERTIFICATE-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmDCCAT6gAwIBAgIUHvQmYDjR9/GAGupsgE3Ct0E43AowCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSYSB0ZXN0J3MgYXV0aG9yaXR5MCAXDTI2MTEyNzE0NTQ0OVoY
DzIxMjYxMTAzMTQ1NDQ5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjO
PQIBBggqhkjOPQMBBwNCAAQMmSUv/r7qGZBiSPjEe8B5BvR9zhRaCVJD48ZZ6JbL
LghrVqUyLxlLy7IYGopjskCFvZoT8W+qDpuyEtKhJmqro2MwYTAUBgNVHREEDTAL
gglsb2NhbGhvc3QwCQYDVR0TBAIwADAdBgNVHQ4EFgQU58dr/0Vjt3qsw7s8D7R/
ScnzTEIwHwYDVR0jBBgwFoAUulUX+hma7qpVdrc2ZZ8PilONVjMwCgYIKoZIzj0E
AwIDSAAwRQIgJ4J0h0lcmGjXTnJz14cz2j+mKbWuK/paVuJbpMVsVy0CIQDgGBH6
yffYI38QF7YwA974nJ29khpLbxFOpZVjkNnAyA==
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgUDjqhmfBE2mIfMY8
GcjP/t4kO67hzX7RKGcOYrQxiy6hRANCAAQMmSUv/r7qGZBiSPjEe8B5BvR9zhRa
CVJD48ZZ6JbLLghrVqUyLxlLy7IYGopjskCFvZoT8W+qDpuyEtKhJmqr
-----END PRIVATE KEY-----`;

describe("cellEnvironment", () => {
  let home: string;
  const server = createServer({ cert: CERTIFICATE, key: KEY }, (_, response) => response.end("over TLS"));

  before(async () => {
    home = await makeTemporary();
    await writeFile(join(home, "own.pem"), AUTHORITY);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(async () => {
    server.close();
    await rm(home, { recursive: true, force: true });
  });

  /** What a worker gets from the server, in a workerd with this environment. */
  async function fetched(environment: Readonly<Record<string, string>>): Promise<string> {
    const socket = join(home, "s");
    await rm(socket, { force: true });
    const { port } = server.address() as AddressInfo;
    const worker = `export default { async fetch() {
      try { return new Response(await (await fetch("https://localhost:${port}/")).text()) }
      catch (error) { return new Response("failed: " + error.message) }
    } }`;
    const network = `network = (allow = ["private"], tlsOptions = (trustBrowserCas = true))`;
    const config = `using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (services = [(name = "internet", ${network}), (name = "worker", worker = (
        modules = [(name = "i.js", esModule = ${JSON.stringify(worker)})], compatibilityDate = "2026-11-01",
        globalOutbound = "internet"))], sockets = [(name = "t", address = "unix:${socket}", http = (), service = "worker")]);`;
    await writeFile(join(home, "c.capnp"), config);
    const child = spawn(workerdBinary().path, ["serve", join(home, "c.capnp")], {
      env: environment,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const said = text(child.stderr);
    try {
      let answer = "";
      await until("an answer", async () => {
        const response = await ask(socket, { path: "/" }).catch(() => undefined);
        answer = response?.body ?? "";
        return response !== undefined;
      });
      return answer;
    } finally {
      child.kill("SIGKILL");
      await said;
    }
  }

  it("names the certificates that a worker's fetch trusts, and no others are", async () => {
    assert.equal(await fetched(cellEnvironment(join(home, "own.pem"))), "over TLS");
    assert.match(await fetched(cellEnvironment()), /^failed: /);
  });

  it("is the machine's file, and nothing of the agent's", () => {
    const certificates = findCertificates();
    const expected = certificates === undefined ? {} : { SSL_CERT_FILE: certificates };
    assert.deepEqual(cellEnvironment(), { TZ: "UTC", ...expected });
  });
});
