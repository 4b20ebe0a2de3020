import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Which file imports which, by paths from the root. Types count: who knows a type knows the file. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** `import ... from`, `export ... from` and `import "..."` at a line's start: inside of a text there are some, too. */
const STATEMENT = /^(?:import|export)\b(?:[^"';]*?\bfrom)?\s*"(\.{1,2}\/[^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"(\.{1,2}\/[^"]+)"\s*\)/g;

/** Reads the imports by relative paths of all TypeScript below folders of the root. */
export function readImports(root: string, folders: readonly string[]): Imports {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name)),
  );
  return new Map(files.map((file) => [file, importsOf(file, readFileSync(join(root, file), "utf8"))]));
}

function importsOf(file: string, text: string): string[] {
  const paths = [...text.matchAll(STATEMENT), ...text.matchAll(DYNAMIC)].map(([, path = ""]) => path);
  return paths.map((path) => join(dirname(file), path));
}

/** The circles among files, each as the files that reach one another: Tarjan's strongly connected components. */
export function findCircles(imports: Imports): string[][] {
  const numbers = new Map<string, number>();
  const path: string[] = [];
  const circles: string[][] = [];

  /** @returns The lowest number on the path that the file leads back to. */
  function visit(file: string): number {
    const own = numbers.size;
    numbers.set(file, own);
    path.push(file);
    let lowest = own;
    for (const next of imports.get(file) ?? []) {
      if (!numbers.has(next)) lowest = Math.min(lowest, visit(next));
      else if (path.includes(next)) lowest = Math.min(lowest, numbers.get(next) ?? lowest);
    }
    if (lowest === own) {
      const circle = path.splice(path.indexOf(file));
      if (circle.length > 1 || imports.get(file)?.includes(file)) circles.push(circle.sort());
    }
    return lowest;
  }

  for (const file of imports.keys()) if (!numbers.has(file)) visit(file);
  return circles;
}

/** A folder, or a file at the top, to what it may import besides itself. */
export type Floors = Readonly<Record<string, readonly string[]>>;

export interface Climb {
  readonly from: string;
  readonly to: string;
  /** The rooms of both, such as `cells -> edge`. */
  readonly way: string;
}

/**
 * The imports that floors do not allow. A file belongs to the longest folder of the table that it is in; what is in none
 * may import everything, and be imported by nobody of the table.
 *
 * @param options.below - the folder that the table's paths are below.
 * @param options.isChecked - which files have to keep to it: tests may look everywhere.
 */
export function findClimbs(
  imports: Imports,
  floors: Floors,
  { below, isChecked }: { readonly below: string; readonly isChecked: (file: string) => boolean },
): Climb[] {
  const rooms = Object.keys(floors).sort((a, b) => b.length - a.length);
  const roomOf = (file: string) =>
    rooms.find((room) => file === `${below}/${room}` || file.startsWith(`${below}/${room}/`));
  return [...imports].flatMap(([from, all]) => {
    const own = roomOf(from);
    if (own === undefined || !isChecked(from)) return [];
    return all.flatMap((to) => {
      const room = roomOf(to) ?? to;
      const isAllowed = room === own || floors[own]?.includes(room);
      return isAllowed ? [] : [{ from, to, way: `${own} -> ${room}` }];
    });
  });
}
