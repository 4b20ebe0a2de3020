/** How a request path meets a file, in the words of the manifest's `assets.htmlHandling`. */
export type HtmlHandling = "auto-trailing-slash" | "force-trailing-slash" | "drop-trailing-slash" | "none";

/** Serves a file, or redirects to `to` where `file` is what answers there. */
type Step = { readonly serve: string } | { readonly file: string; readonly to: string };

/**
 * The file that answers a GET of `path` with 200; undefined for a redirect or nothing.
 *
 * Source: Cloudflare's asset worker (workers-sdk, packages/workers-shared/asset-worker/src/handler.ts), which workerd
 * and wrangler share: the steps of its `htmlHandling...` functions in their order.
 *
 * @param path Decoded, beginning with `/`, without repeated slashes.
 * @param has Whether there is a file of that path, beginning with `/`.
 */
export function resolveAsset(
  path: string,
  handling: HtmlHandling,
  has: (file: string) => boolean,
): string | undefined {
  return resolve(path, handling, has, true);
}

function resolve(
  path: string,
  handling: HtmlHandling,
  has: (file: string) => boolean,
  redirects: boolean,
): string | undefined {
  for (const step of STEPS[handling](path)) {
    if ("serve" in step) {
      if (has(step.serve)) return step.serve;
      continue;
    }
    const { file, to } = step;
    // It redirects only to where that very file answers.
    if (redirects && has(file) && !has(to) && resolve(to, handling, has, false) === file) return undefined;
  }
  return undefined;
}

const STEPS: Readonly<Record<HtmlHandling, (path: string) => readonly Step[]>> = {
  "auto-trailing-slash": (path) => [
    ...autoSteps(path),
    { serve: path },
    { serve: `${path}.html` },
    { file: `${path}/index.html`, to: `${path}/` },
  ],
  "force-trailing-slash": (path) => [
    ...forceSteps(path),
    { serve: path },
    { file: `${path}.html`, to: `${path}/` },
    { file: `${path}/index.html`, to: `${path}/` },
  ],
  "drop-trailing-slash": (path) => [
    ...dropSteps(path),
    { serve: path },
    { serve: `${path}.html` },
    { serve: `${path}/index.html` },
  ],
  none: (path) => [{ serve: path }],
};

/** Without the ending of that many characters. */
function cut(path: string, ending: string): string {
  return path.slice(0, path.length - ending.length);
}

function autoSteps(path: string): Step[] {
  if (path.endsWith("/index")) {
    const folder = cut(path, "/index");
    return [
      { serve: path },
      { file: `${path}.html`, to: `${folder}/` },
      { file: `${folder}.html`, to: folder },
    ];
  }
  if (path.endsWith("/index.html")) {
    const folder = cut(path, "/index.html");
    return [
      { file: path, to: `${folder}/` },
      { file: `${folder}.html`, to: folder },
    ];
  }
  if (path.endsWith("/")) {
    const name = cut(path, "/");
    return [{ serve: `${path}index.html` }, { file: `${name}.html`, to: name }];
  }
  if (path.endsWith(".html")) {
    const name = cut(path, ".html");
    return [
      { file: path, to: name },
      { file: `${name}/index.html`, to: `${name}/` },
    ];
  }
  return [];
}

function forceSteps(path: string): Step[] {
  if (path.endsWith("/index")) {
    const folder = cut(path, "/index");
    return [
      { serve: path },
      { file: `${path}.html`, to: `${folder}/` },
      { file: `${folder}.html`, to: `${folder}/` },
    ];
  }
  if (path.endsWith("/index.html")) {
    const folder = cut(path, "/index.html");
    return [
      { file: path, to: `${folder}/` },
      { file: `${folder}.html`, to: `${folder}/` },
    ];
  }
  if (path.endsWith("/")) return [{ serve: `${path}index.html` }, { serve: `${cut(path, "/")}.html` }];
  if (path.endsWith(".html")) {
    const name = cut(path, ".html");
    return [{ file: path, to: `${name}/` }, { serve: path }, { file: `${name}/index.html`, to: `${name}/` }];
  }
  return [];
}

function dropSteps(path: string): Step[] {
  if (path === "/index") return [{ serve: path }, { file: "/index.html", to: "/" }];
  if (path === "/index.html") return [{ file: path, to: "/" }];
  if (path === "/") return [{ serve: "/index.html" }];
  if (path.endsWith("/index")) {
    const folder = cut(path, "/index");
    return [{ serve: path }, { file: `${folder}.html`, to: folder }, { file: `${path}.html`, to: folder }];
  }
  if (path.endsWith("/index.html")) {
    const folder = cut(path, "/index.html");
    return [{ file: path, to: folder }, { serve: path }, { file: `${folder}.html`, to: folder }];
  }
  if (path.endsWith("/")) {
    const name = cut(path, "/");
    return [
      { file: `${name}.html`, to: name },
      { file: `${name}/index.html`, to: name },
    ];
  }
  if (path.endsWith(".html")) {
    const name = cut(path, ".html");
    return [
      { file: path, to: name },
      { file: `${name}/index.html`, to: name },
    ];
  }
  return [];
}
