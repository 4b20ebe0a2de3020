using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (
      name = "assets",
      assets = (
        path = "/deployment/assets",
        config = "{\"headers\":\"/*\\n  worker3-asset: :splat\\n\"}",
        compatibilityDate = "2026-11-01"
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
