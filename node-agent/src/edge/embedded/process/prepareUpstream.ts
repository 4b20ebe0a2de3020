import type { Socket } from "node:net";
import { frameAsAsked } from "./bodyless.ts";
import { readToEnd } from "./readToEnd.ts";

/** Makes a new connection to an upstream, before undici gets it, do what undici alone would not. */
export function prepareUpstream(socket: Socket): Socket {
  readToEnd(socket);
  frameAsAsked(socket);
  return socket;
}
