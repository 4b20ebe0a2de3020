import { MACHINE, MACHINE_IPV6, NetworkWorld, RESOLVER } from "../../cells/testing/NetworkWorld.ts";
import { type AttackedNode, attackedNode } from "./attackedNode.ts";
import type { ServingNodeOptions } from "./startServingNode.ts";

/** An attacked node whose cells are confined by all there is. Usable within tests. */
export interface ConfinedNode extends AttackedNode {
  /** What plays the machine and what is around it. */
  readonly world: NetworkWorld;
}

/**
 * As `attackedNode`, with the real sandbox, a network of the cells' own, control groups and spares. Machine and internet are
 * played by network namespaces, so that nothing of the real machine's network is touched.
 */
export function confinedNode(options: Pick<ServingNodeOptions, "isWatched"> = {}): ConfinedNode {
  let world: NetworkWorld | undefined;
  const running = (): NetworkWorld => {
    if (world === undefined) throw new Error("the world is there within tests only");
    return world;
  };
  const attacked = attackedNode(async (undo) => {
    world = await NetworkWorld.create();
    undo.defer(world.close.bind(world));
    return {
      ...options,
      cells: {
        allowHostNetwork: false,
        allowUnsandboxed: false,
        controlGroups: true,
        resolvers: [RESOLVER],
        memoryMiB: 64,
        spares: 2,
      },
      machine: { place: world.onMachine, ownAddresses: [MACHINE, MACHINE_IPV6] },
    };
  });
  const { idOf, deploy, visit, attack, incidentsOf, cellsOf } = attacked;
  return {
    idOf,
    deploy,
    visit,
    attack,
    incidentsOf,
    cellsOf,
    get node() {
      return attacked.node;
    },
    get world() {
      return running();
    },
  };
}
