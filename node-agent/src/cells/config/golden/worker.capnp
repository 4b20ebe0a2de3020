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
        modules = [(name = "index.js", esModule = embed "/worker/index.js")],
        compatibilityDate = "2026-11-01",
        bindings = [],
        globalOutbound = "internet",
        cacheApiOutbound = "cache"
      )
    ),
    (name = "control", disk = (path = "/s"))
  ],
  sockets = [
    (name = "tenant", address = "unix:/s/t", http = (), service = "worker"),
    (name = "control", address = "unix:/s/c", http = (), service = "control")
  ]
);
