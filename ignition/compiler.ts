/** How the contracts are compiled that a network gets. Another line here is other bytecode. */
export const COMPILER = {
  version: "0.8.37",
  settings: {
    viaIR: true,
    evmVersion: "osaka",
    optimizer: { enabled: true, runs: 500 },
  },
};
