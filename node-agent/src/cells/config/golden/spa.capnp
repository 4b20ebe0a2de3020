using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (
      name = "assets",
      assets = (
        path = "/deployment/assets",
        config = "{\"html_handling\":\"drop-trailing-slash\",\"not_found_handling\":\"single-page-application\",\"headers\":\"/*\\n  worker3-asset: :splat\\n/*\\n  X-Said: \\\"yes\\\"\\n\",\"redirects\":\"/old /new 301\\n\",\"ignore\":\"*.map\\n\"}",
        compatibilityDate = "2026-01-01",
        compatibilityFlags = ["assets_navigation_prefers_asset_serving"]
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
