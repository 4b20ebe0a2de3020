import type { CellBinding } from "../cells/config/CellBinding.ts";
import { assets } from "./assets/assets.ts";
import { cache } from "./cache/cache.ts";
import { vars } from "./vars/vars.ts";

/** The kinds of bindings that cells have. What each adds to a cell's configuration stands there in this order. */
export const cellBindings: readonly CellBinding[] = [vars, cache, assets];
