import type { CommandGroup } from "../command.ts";
import { balance } from "./credit/balance.ts";
import { deposit } from "./credit/deposit.ts";
import { refund } from "./credit/refund.ts";
import { withdraw } from "./credit/withdraw.ts";

/** `worker3 credit ...` */
export const credit: CommandGroup = {
  name: "credit",
  summary: "pays for a project",
  commands: [deposit, withdraw, refund, balance],
};
