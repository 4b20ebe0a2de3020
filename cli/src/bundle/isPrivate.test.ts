import assert from "node:assert/strict";
import { isPrivate } from "./isPrivate.ts";

describe("a file's name", () => {
  const never = [
    ".env .env~ .env-prod .env_backup .envrc .ENV.local sub/.env.bak .dev.vars .dev.vars~ .dev.vars.staging.old",
    ".netrc _netrc .pgpass .git-credentials .git-credentials~ .docker .kube .vault-token .bash_history .zsh_history",
    ".authinfo .authinfo.gpg .terraformrc .Xauthority .s3cfg .aws .npmrc.bak .htpasswd.orig .ssh.old",
    "id_rsa id_rsa.bak id_rsa~ id_rsa_old id_rsa2 id_ed25519_sk ID_ED25519.save id_ecdsa.1 id_xmss id_dsa-2019",
    ".id_rsa.swp .env.swp ..env.swp .id_ed25519.swo #.env# .env.~2~ .env.bak.old",
    "wrangler.toml wrangler.toml.bak wrangler.jsonc~ _worker.js.orig",
  ].flatMap((line) => line.split(" "));
  const plainOnly = [
    "server.key server.KEY.bak tls.pem~ AuthKey.p8 office.ovpn mail.gpg prod.env terraform.tfstate",
    "terraform.tfstate.backup serviceAccountKey.json service-account.json credentials.json secrets.json~",
    "keystore.json UTC--2026-01-01T00-00-00.0Z--ab12 sub/credentials.json .hidden",
  ].flatMap((line) => line.split(" "));
  const published = [
    "index.html id_rsa.pub id_rsa.pub.bak keys.html environment.html key.html secrets.html security.asc",
    "app.1.js v1.2 notes~ page.old id_rsassa.js docs/wrangler.toml kube.html .well-known",
  ].flatMap((line) => line.split(" "));

  it("that is one of secrets, or of a copy of them, keeps the file back in every folder", () => {
    assert.deepEqual(
      never.filter((path) => !isPrivate(path, "named") || !isPrivate(path, "whole")),
      [],
    );
  });

  it("of a key keeps it back in a folder that is deployed as it is, and in none that was named", () => {
    assert.deepEqual(
      plainOnly.filter((path) => !isPrivate(path, "whole") || isPrivate(path, "named")),
      [],
    );
  });

  it("of anything else is published", () => {
    assert.deepEqual(
      published.filter((path) => isPrivate(path, "whole") || isPrivate(path, "named")),
      [],
    );
  });
});
