/**
 * For `node --import`: cells get of the sdk what they use. All of it are 1,000 modules, which take 15 s of an emulated
 * processor in each process; what is not among these is not found, by its name.
 */
import { registerHooks } from "node:module";

const forCells = new URL("sdkForCells.ts", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => next(specifier === "@worker3/sdk" ? forCells : specifier, context),
});
