import type { CommandGroup } from "../command.ts";
import { accept } from "./project/accept.ts";
import { cap } from "./project/cap.ts";
import { close } from "./project/close.ts";
import { delegate } from "./project/delegate.ts";
import { grow } from "./project/grow.ts";
import { nodes } from "./project/nodes.ts";
import { show } from "./project/show.ts";
import { transfer } from "./project/transfer.ts";

/** `worker3 project ...` */
export const project: CommandGroup = {
  name: "project",
  summary: "shows a project and changes its terms, rights and owner",
  commands: [show, cap, nodes, grow, delegate, transfer, accept, close],
};
