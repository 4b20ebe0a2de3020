using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "internet", network = (allow = ["public"], tlsOptions = (trustBrowserCas = true))),
    (
      name = "worker",
      worker = (
        modules = [(name = "index.js", esModule = embed "/worker/index.js")],
        compatibilityDate = "2026-11-01",
        bindings = [],
        globalOutbound = "internet"
      )
    ),
    (
      name = "assets",
      assets = (
        path = "/deployment/assets",
        config = "{\"run_worker_first\":true,\"headers\":\"/*\\n  worker3-asset: :splat\\n\"}",
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
