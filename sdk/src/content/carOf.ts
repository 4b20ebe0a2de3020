import { type Folder, type PackOptions, pack } from "./pack.ts";

/**
 * Packs a folder and gives its CAR as one array. For folders that fit into memory twice.
 *
 * @throws {PathError} as `pack` does.
 */
export async function carOf(folder: Folder, options: PackOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const packed = await pack(folder, options);
  const car = new Uint8Array(packed.carBytes);
  let offset = 0;
  for await (const part of packed.car({ signal: options.signal })) {
    car.set(part, offset);
    offset += part.length;
  }
  return car;
}
