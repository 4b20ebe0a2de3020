import { createCipheriv } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** How many files `generateStaticSite` writes. */
export const STATIC_FILES = 200;
/** Bytes of the largest of them. */
export const LARGE_BYTES = 20 * 1_048_576;
/** Where that one is. */
export const LARGE_PATH = "download/large.bin";

/**
 * Writes a site of 200 static files, the same ones every time: nested pages, names with spaces and letters of other
 * languages, one file of 20 MB, and the files by which Cloudflare's assets are told what to do.
 *
 * @returns The paths, relative to the folder.
 */
export async function generateStaticSite(directory: string): Promise<string[]> {
  const files = new Map<string, string | Uint8Array>([
    ["index.html", page("Home", '<img src="/img/pixel%20one.svg" alt="" />')],
    ["404.html", page("Not found", "There is no such page.")],
    ["_headers", "/img/*\n  cache-control: public, max-age=3600\n/download/*\n  x-robots-tag: noindex\n"],
    ["_redirects", "/home / 301\n/blog/* /posts/:splat 302\n"],
    ["robots.txt", "User-agent: *\nAllow: /\n"],
    [".well-known/security.txt", "Contact: mailto:security@example.org\n"],
    ["about/index.html", page("About", "A page in a folder.")],
    ["about/team/index.html", page("Team", "A page in a folder in a folder.")],
    ["über uns.html", page("Über uns", "A name with a space and an umlaut.")],
    ["日本語/ページ.html", page("ページ", "A name of Japanese letters.")],
    ["img/pixel one.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n'],
    ["img/emoji 🌍.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>\n'],
    ["a&b=c+d.txt", "A name that has to be escaped in an address.\n"],
    ["empty.txt", ""],
    [LARGE_PATH, pseudoRandom(LARGE_BYTES)],
  ]);
  for (let post = 1; files.size < STATIC_FILES; post += 1) {
    files.set(`posts/${post}/index.html`, page(`Post ${post}`, `Text of post ${post}. `.repeat(post)));
  }
  for (const [path, content] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  return [...files.keys()];
}

function page(title: string, body: string): string {
  return `<!doctype html>\n<html lang="en">\n<title>${title}</title>\n<h1>${title}</h1>\n<p>${body}</p>\n</html>\n`;
}

/** Bytes that do not compress, the same every time: a cipher's stream. */
function pseudoRandom(bytes: number): Uint8Array {
  const zeros = Buffer.alloc(16);
  return createCipheriv("aes-128-ctr", zeros, zeros).update(Buffer.alloc(bytes));
}
