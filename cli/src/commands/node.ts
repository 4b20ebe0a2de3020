import type { CommandGroup } from "../command.ts";
import { claim } from "./node/claim.ts";
import { doctor } from "./node/doctor.ts";
import { drain } from "./node/drain.ts";
import { init } from "./node/init.ts";
import { register } from "./node/register.ts";
import { stake } from "./node/stake.ts";
import { start } from "./node/start.ts";
import { status } from "./node/status.ts";
import { unstake } from "./node/unstake.ts";
import { withdraw } from "./node/withdraw.ts";

/** `worker3 node ...` */
export const node: CommandGroup = {
  name: "node",
  summary: "sets up, runs and pays a node",
  commands: [init, register, start, status, drain, claim, stake, unstake, withdraw, doctor],
};
