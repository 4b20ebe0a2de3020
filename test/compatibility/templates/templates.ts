import { fromCloudflare, fromSvelte, fromVite } from "./make.ts";
import type { Template } from "./Template.ts";

const SVELTE_KIT = [
  "@fontsource/fira-mono",
  "@neoconfetti/svelte",
  "@sveltejs/adapter-cloudflare",
  "@sveltejs/kit",
  "@sveltejs/vite-plugin-svelte",
  "svelte",
  "vite",
];

const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** Projects as `npm create` makes them: what most people begin with. */
export const TEMPLATES: readonly Template[] = [
  {
    name: "cloudflare-hello-world-ts",
    uses: "a worker in TypeScript",
    source: "`create-cloudflare`, Hello World in TypeScript",
    make: fromCloudflare("hello-world/ts"),
    expected: {
      outcome: "served",
      reference: { kind: "workers" },
      asks: [{ path: "/" }, { path: "/any?a=b", method: "POST", body: "x" }, { path: "/", method: "HEAD" }],
    },
  },
  {
    name: "cloudflare-hello-world-js",
    uses: "a worker in JavaScript",
    source: "`create-cloudflare`, Hello World in JavaScript",
    make: fromCloudflare("hello-world/js"),
    expected: { outcome: "served", reference: { kind: "workers" }, asks: [{ path: "/" }] },
  },
  {
    name: "cloudflare-hello-world-assets-only",
    uses: "static files",
    source: "`create-cloudflare`, static site",
    make: fromCloudflare("hello-world-assets-only/templates"),
    expected: {
      outcome: "served",
      reference: { kind: "workers" },
      asks: [{ path: "/" }, { path: "/index.html", status: 307 }, { path: "/nowhere", status: 404 }],
    },
  },
  {
    name: "cloudflare-hello-world-with-assets",
    uses: "static files before a worker",
    source: "`create-cloudflare`, static site with a worker",
    make: fromCloudflare("hello-world-with-assets/ts"),
    expected: {
      outcome: "served",
      reference: { kind: "workers" },
      asks: [{ path: "/" }, { path: "/message" }, { path: "/nowhere", status: 404 }],
    },
  },
  {
    name: "vite-vanilla-ts",
    uses: "what Vite built, TypeScript",
    source: "`create-vite --template vanilla-ts`",
    make: fromVite("vanilla-ts", ["vite"]),
    expected: {
      outcome: "served",
      reference: { kind: "folder" },
      asks: [{ path: "/" }, { path: "/favicon.svg" }, { path: "/nowhere", status: 404 }],
    },
  },
  {
    name: "vite-svelte",
    uses: "what Vite built, Svelte",
    source: "`create-vite --template svelte`",
    make: fromVite("svelte", ["vite", "svelte", "@sveltejs/vite-plugin-svelte"]),
    expected: {
      outcome: "served",
      reference: { kind: "folder" },
      asks: [{ path: "/" }, { path: "/icons.svg" }],
    },
  },
  {
    name: "vite-lit",
    uses: "what Vite built, web components",
    source: "`create-vite --template lit`",
    make: fromVite("lit", ["vite", "lit"]),
    expected: {
      outcome: "served",
      reference: { kind: "folder" },
      asks: [{ path: "/" }, { path: "/favicon.svg", headers: { range: "bytes=0-9" } }],
    },
  },
  {
    name: "sveltekit-demo",
    uses: "SvelteKit: server-rendered pages, form actions, cookies, prerendered pages",
    source: "`sv create --template demo`, adapter for Cloudflare",
    make: fromSvelte("demo", SVELTE_KIT),
    expected: {
      outcome: "served",
      reference: { kind: "workers" },
      asks: [
        { path: "/" },
        { path: "/about" },
        { path: "/about/", status: 307 },
        { path: "/sverdle/how-to-play" },
        { path: "/robots.txt" },
        {
          path: "/sverdle?/restart",
          method: "POST",
          headers: { ...FORM, origin: "http://sveltekit-demo.worker3.localhost" },
          body: "",
        },
        { path: "/nowhere", status: 404 },
      ],
    },
  },
  {
    name: "cloudflare-hello-world-py",
    uses: "a worker in Python",
    source: "`create-cloudflare`, Hello World in Python",
    make: fromCloudflare("hello-world/py"),
    expected: { outcome: "refused", code: "UNSUPPORTED_LANGUAGE", words: "Nodes run no workers in Python" },
  },
  {
    name: "cloudflare-durable-object",
    uses: "a Durable Object",
    source: "`create-cloudflare`, Durable Object",
    make: fromCloudflare("hello-world-durable-object/ts"),
    expected: {
      outcome: "refused",
      code: "UNSUPPORTED_BINDING",
      words: "durable_object bindings are not supported by the node",
    },
  },
  {
    name: "cloudflare-durable-object-with-assets",
    uses: "a Durable Object and static files",
    source: "`create-cloudflare`, Durable Object with static files",
    make: fromCloudflare("hello-world-durable-object-with-assets/js"),
    expected: {
      outcome: "refused",
      code: "UNSUPPORTED_BINDING",
      words: "durable_object bindings are not supported by the node",
    },
  },
  {
    name: "cloudflare-workflows",
    uses: "a workflow",
    source: "`create-cloudflare`, Workflows",
    make: fromCloudflare("hello-world-workflows/js"),
    expected: {
      outcome: "refused",
      code: "UNSUPPORTED_BINDING",
      words: "workflow bindings are not supported by the node",
    },
  },
  {
    name: "cloudflare-queues",
    uses: "a queue, as producer and consumer",
    source: "`create-cloudflare`, Queues",
    make: fromCloudflare("queues/js"),
    expected: {
      outcome: "refused",
      code: "UNSUPPORTED_BINDING",
      words: "queue_producer bindings are not supported by the node",
    },
  },
  {
    name: "cloudflare-scheduled",
    uses: "a cron",
    source: "`create-cloudflare`, Scheduled",
    make: fromCloudflare("scheduled/ts"),
    expected: {
      outcome: "refused",
      code: "UNSUPPORTED_BINDING",
      words: "crons are not supported by the node",
    },
  },
];
