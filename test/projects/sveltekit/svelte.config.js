import cloudflare from "@sveltejs/adapter-cloudflare";
import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

// Without the adapter's `emulate`, which gives routes Cloudflare's `platform` while they are prerendered: no route of this
// project asks for it, and the workerd that it starts lives on after each `vite build`, because SvelteKit prerenders in a
// thread that ends without the handlers in which miniflare would end it.
const { emulate: _, ...adapter } = cloudflare();

/** @type {import('@sveltejs/kit').Config} */
const config = {
  preprocess: vitePreprocess(),
  kit: {
    adapter,
    // The default is the time of the build, and the same sources would get another CID each time.
    version: { name: "1.0.0" },
  },
};

export default config;
