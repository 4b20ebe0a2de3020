import { seeded, seededNumbers } from "./seeded.ts";

/** A file, or (without content) an empty directory. */
export interface DiskEntry {
  path: string;
  content?: Uint8Array | string;
}

export interface SampleFolder {
  what: string;
  layout: "deployment" | "any";
  entries: DiskEntry[];
}

const MIB = 1_048_576;

const MANIFEST = JSON.stringify({
  manifest: 2,
  main: "index.js",
  modules: { "index.js": "esm", "lib/page.html": "text", "lib/code.wasm": "wasm" },
  compatibilityDate: "2026-11-01",
  assets: { binding: "ASSETS" },
});

export const DEPLOYMENT: DiskEntry[] = [
  { path: ".worker3/manifest.json", content: MANIFEST },
  { path: ".worker3/worker/index.js", content: "export default { fetch: () => new Response('hello') };\n" },
  { path: ".worker3/worker/lib/page.html", content: "<h1>é</h1>" },
  { path: ".worker3/worker/lib/code.wasm", content: seeded(2 * MIB + 77, "wasm") },
  { path: "index.html", content: "<!doctype html><h1>hello</h1>" },
  { path: ".well-known/security.txt", content: "Contact: mailto:security@example.com\n" },
  { path: "none", content: "" },
  { path: "Große Übersicht (1).txt", content: "ß" },
  { path: "日本語/🙂.txt", content: "🙂" },
  { path: "films/large.bin", content: seeded(5 * MIB, "large") },
  ...Array.from({ length: 300 }, (_, index) => ({
    path: `chunks/${index}.js`,
    content: seeded(index * 41, `chunk ${index}`),
  })),
];

/** Files of one byte. A link takes 44 bytes beside the name, the rest of the directory's block 4. */
function flatFolder(nameLengths: number[]): DiskEntry[] {
  return nameLengths.map((length, index) => ({
    path: `f/${String(index).padStart(length, "n")}`,
    content: "x",
  }));
}

function edgeOfHamt(lastNameLength: number): DiskEntry[] {
  return flatFolder([...Array.from({ length: 4765 }, () => 11), lastNameLength]);
}

/** Some tens of entries in nested directories, with names and sizes that the seed decides. */
function randomFolder(seed: string): DiskEntry[] {
  const below = seededNumbers(seed);
  const words = [
    "a",
    " ",
    "B",
    "é",
    "e\u0301",
    "日本",
    "🙂",
    "%20",
    "#",
    "?",
    "&",
    "'",
    '"',
    "-",
    "_",
    ".",
    "ﬀ",
    "Ω",
    "ا",
  ];
  const name = (index: number): string => {
    const parts = Array.from({ length: 1 + below(12) }, () => words[below(words.length)]);
    return `${parts.join("")}${index}`;
  };
  const directories = [""];
  const entries: DiskEntry[] = [];
  for (let index = 0; index < 60; index += 1) {
    const path = `${directories[below(directories.length)]}${name(index)}`;
    const kind = below(10);
    if (kind < 2) directories.push(`${path}/`);
    if (kind < 3) entries.push({ path });
    else entries.push({ path, content: seeded(below(kind === 9 ? 3 * MIB : 3000), `${seed} ${index}`) });
  }
  return entries;
}

export const FOLDERS: SampleFolder[] = [
  { what: "a deployment folder", layout: "deployment", entries: DEPLOYMENT },
  {
    what: "a deployment folder without a worker",
    layout: "deployment",
    entries: [
      { path: ".worker3/manifest.json", content: '{"assets":{},"manifest":2}' },
      { path: "index.html", content: "<h1>hello</h1>" },
    ],
  },
  { what: "an empty folder", layout: "any", entries: [] },
  {
    what: "empty directories",
    layout: "any",
    entries: [{ path: "empty" }, { path: "a/b/empty" }, { path: "a/f", content: "f" }],
  },
  {
    what: "names with spaces, dots and signs",
    layout: "any",
    entries: [
      " ",
      " a",
      "a b",
      "a  b/c d",
      ".a",
      "..a",
      "a.",
      ".well-known/x",
      "%41",
      "a?b#c",
      "-rf",
      "'\"",
      "Z",
      "a",
    ].map((path) => ({ path, content: path })),
  },
  {
    what: "names beyond ASCII",
    layout: "any",
    entries: ["é", "日本/語.txt", "🙂", "ÿ", "～", "😀x", "Ω/ا", "ß", "n".repeat(255), "語".repeat(85)].map(
      (path) => ({
        path,
        content: path,
      }),
    ),
  },
  {
    what: "files around the edges of 1 MiB",
    layout: "any",
    entries: [0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB - 1, 2 * MIB, 2 * MIB + 1, 7 * MIB + 3].map((bytes) => ({
      path: `${bytes}`,
      content: seeded(bytes, "edges"),
    })),
  },
  {
    what: "one file in two places, and one chunk twice in a file",
    layout: "any",
    entries: [
      { path: "a", content: seeded(MIB + 1, "twice") },
      { path: "b/c", content: seeded(MIB + 1, "twice") },
      { path: "zeros", content: new Uint8Array(3 * MIB) },
    ],
  },
  { what: "a directory of exactly 256 KiB, the last plain one", layout: "any", entries: edgeOfHamt(21) },
  { what: "a directory of 256 KiB and a byte, the first HAMT", layout: "any", entries: edgeOfHamt(22) },
  {
    what: "a HAMT of 10,000 files beside other files",
    layout: "any",
    entries: [
      ...flatFolder(Array.from({ length: 10_000 }, (_, index) => 6 + (index % 60))),
      { path: "a", content: "a" },
      { path: "z/z", content: "z" },
    ],
  },
  ...["one", "two", "three", "four", "five", "six"].map((seed) => ({
    what: `a random folder, seed "${seed}"`,
    layout: "any" as const,
    entries: randomFolder(seed),
  })),
];
