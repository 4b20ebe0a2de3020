import assert from "node:assert/strict";
import { OWN_DIRECTORY } from "@worker3/sdk";
import { isOwnPath } from "./isOwnPath.ts";

describe("isOwnPath", () => {
  const own = [
    `/${OWN_DIRECTORY}`,
    `/${OWN_DIRECTORY}/`,
    `/${OWN_DIRECTORY}/manifest.json?a=b`,
    "/.worker3/worker/index.js",
    "/.worker3?x",
    "//.worker3//x",
    "/.WORKER3/x",
    "/%2eworker3/x",
    "/%2E%77%6F%72%6B%65%72%33",
    "/.worker%33%2Fmanifest.json",
    "/a/..%2f.worker3",
    "/a/../.worker3/x",
    "/./.worker3",
    "/../.worker3",
    "/.worker3/../.worker3/x",
    "/a%5c..%5c.worker3",
    "/.worker3%5cmanifest.json",
    "/.worker3/%",
    "/.worker3/%ff",
  ];
  for (const path of own) it(`${path} is`, () => assert.equal(isOwnPath(path), true));

  const tenants = [
    "/",
    "/worker3",
    "/.worker3x",
    "/x.worker3/",
    "/.worker33/",
    "/docs/.worker3/x",
    "/.worker3/../index.html",
    "/%252eworker3/x",
    "/a?path=/.worker3/manifest.json",
    "/?/.worker3/",
    "/.well-known/worker3/node",
    "/100%",
    "/%ff%fe",
    "/server3/%41",
  ];
  for (const path of tenants) it(`${path} is not`, () => assert.equal(isOwnPath(path), false));
});
