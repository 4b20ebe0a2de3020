import type { CellBinding } from "../cells/config/CellBinding.ts";
import { assets } from "./assets/assets.ts";
import { cache } from "./cache/cache.ts";
import { service } from "./service/service.ts";
import { vars } from "./vars/vars.ts";

/** The kinds of bindings that cells have. What each adds to a cell's configuration stands there in this order. */
export const cellBindings: readonly CellBinding[] = [vars, service, cache, assets];
