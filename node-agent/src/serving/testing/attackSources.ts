import { handler } from "./attackedNode.ts";

/** A worker that misbehaves on every path but `/ok`. */
const elsewhereOk = (code: string) => `export default { async fetch(request) {
  if (new URL(request.url).pathname === "/ok") return new Response("ok");
  ${code}; return new Response("?") } }`;

/** Workers that take what they can of a machine. */
export const ATTACK_SOURCES = {
  loop: elsewhereOk("for (;;) {}"),
  microtasks: elsewhereOk("const again = () => queueMicrotask(again); again(); await new Promise(() => {})"),
  regexp: elsewhereOk("/^(a+)+$/.test('a'.repeat(60) + 'b')"),
  yields: elsewhereOk("for (;;) { for (let i = 0; i < 2e6; i++); await scheduler.wait(1); }"),
  heap: handler("const held = []; for (let i = 0; ; i++) held.push(new Array(1000).fill(i))"),
  buffers: handler(
    "const held = []; for (;;) { held.push(new Uint8Array(4 << 20).fill(1)); await scheduler.wait(1); }",
  ),
  timers: handler(
    `await Promise.all(Array.from({ length: 100_000 }, (_, i) => scheduler.wait(i % 50))); return new Response("done")`,
  ),
  logs: handler(
    `const line = "x".repeat(1 << 20); for (let i = 0; i < 100; i++) { console.log(line); await scheduler.wait(5); } return new Response("done")`,
  ),
} as const;
