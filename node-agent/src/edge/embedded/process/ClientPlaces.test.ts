import assert from "node:assert/strict";
import { ClientPlaces } from "./ClientPlaces.ts";

const visitor = (address: string, protocol: "http/1.1" | "websocket" = "http/1.1") => ({ address, protocol });

describe("the places of one visitor address", () => {
  const places = () => new ClientPlaces({ concurrentPerClient: 3, webSocketsPerClient: 2 });
  const take = (of: ClientPlaces, who = visitor("192.0.2.1"), projectId = "1") => {
    const taken = of.take(projectId, who);
    return typeof taken === "function" ? taken : taken.code;
  };

  it("are so many at a project; others, and other projects, have theirs", () => {
    const all = places();
    const leave = [take(all), take(all), take(all)];
    assert.equal(take(all), "TOO_MANY_AT_ONCE");
    assert.equal(typeof take(all, visitor("192.0.2.2")), "function");
    assert.equal(typeof take(all, visitor("192.0.2.1"), "2"), "function");
    const [first] = leave;
    assert.ok(typeof first === "function");
    first();
    assert.equal(typeof take(all), "function");
    assert.equal(take(all), "TOO_MANY_AT_ONCE");
  });

  it("are fewer for WebSockets, which leave room for requests", () => {
    const all = places();
    const webSocket = visitor("192.0.2.1", "websocket");
    for (let i = 0; i < 2; i++) assert.equal(typeof take(all, webSocket), "function");
    assert.equal(take(all, webSocket), "TOO_MANY_AT_ONCE");
    assert.equal(typeof take(all), "function");
  });

  it("of IPv6 are those of its first 64 bits", () => {
    const all = places();
    for (const address of ["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::1"])
      assert.equal(typeof take(all, visitor(address)), "function");
    assert.equal(take(all, visitor("2001:db8::3")), "TOO_MANY_AT_ONCE");
    assert.equal(typeof take(all, visitor("2001:db8:0:1::3")), "function");
  });
});
