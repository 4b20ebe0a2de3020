using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "internet", network = (allow = ["public"], tlsOptions = (trustBrowserCas = true))),
    (
      name = "cache",
      worker = (
        modules = [
          (
            name = "cache.js",
            esModule = "export default {\x0a  async fetch(request) {\x0a    if (request.method === \"PUT\") {\x0a      await request.body?.pipeTo(new WritableStream());\x0a      return new Response(null, { status: 204 });\x0a    }\x0a    if (request.method === \"PURGE\") return new Response(null, { status: 404 });\x0a    return new Response(null, { status: 504, headers: { \"CF-Cache-Status\": \"MISS\" } });\x0a  },\x0a};\x0a"
          )
        ],
        compatibilityDate = "2026-11-01"
      )
    ),
    (
      name = "worker",
      worker = (
        modules = [
          (name = "src/main.js", esModule = embed "/worker/src/main.js"),
          (name = "a.cjs", commonJsModule = embed "/worker/a.cjs"),
          (name = "odd \"name\" ü.txt", text = embed "/worker/odd \"name\" ü.txt"),
          (name = "b.bin", data = embed "/worker/b.bin"),
          (name = "c.wasm", wasm = embed "/worker/c.wasm"),
          (name = "d.json", json = embed "/worker/d.json"),
          (name = "src/other.js", esModule = embed "/worker/src/other.js")
        ],
        compatibilityDate = "2026-11-01",
        compatibilityFlags = ["nodejs_compat"],
        bindings = [
          (name = "TEXT", text = "line\x0a\"quoted\" \\ \x00 ü"),
          (name = "NUMBER", json = "1"),
          (name = "NULL", json = "null"),
          (name = "DEEP", json = "{\"list\":[1,\"a\\\\b\"]}"),
          (name = "ASSETS", service = (name = "assets", entrypoint = "AssetWorker"))
        ],
        globalOutbound = "internet",
        cacheApiOutbound = "cache"
      )
    ),
    (
      name = "assets",
      assets = (
        path = "/deployment/assets",
        config = "{\"not_found_handling\":\"404-page\",\"run_worker_first\":[\"/api/*\",\"!/api/docs/*\"],\"headers\":\"/*\\n  worker3-asset: :splat\\n\"}",
        userWorker = "worker"
      )
    ),
    (name = "control", disk = (path = "/s"))
  ],
  sockets = [
    (
      name = "tenant",
      address = "unix:/s/t",
      http = (cfBlobHeader = "worker3-cf"),
      service = "assets"
    ),
    (name = "control", address = "unix:/s/c", http = (), service = "control")
  ]
);
