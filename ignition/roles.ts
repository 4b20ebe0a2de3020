/** Roles of the access manager; 0 is its admin. */
export const ADMIN_ROLE = 0n;
export const PARAMETERS_ROLE = 1n;
export const GUARDIAN_ROLE = 2n;

const PAUSE = "function pause()";
/** What each role may call; everything else that is restricted stays with the admin role. */
export const RESTRICTED = {
  NodeRegistry: { parameters: ["function setParameters(uint64,uint16,uint16)"], guardian: [PAUSE] },
  ProjectRegistry: { parameters: ["function setMaxCap(uint40)"], guardian: [PAUSE] },
  CreditEscrow: { parameters: ["function setFeeReceiver(address)"], guardian: [] },
  UsageSettlement: {
    parameters: [
      "function setPrices((uint24,uint16,uint32,uint40,uint40,uint40,uint40,uint24))",
      "function setParameters((uint64,uint64,uint64,uint16,uint8,address))",
    ],
    guardian: [PAUSE, "function suspendDecisions()"],
  },
};
