import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** A stand-in for a stablecoin: for devnets and tests only, because anyone may mint it. */
export const MockUSD = buildModule("MockUSD", (m) => ({ mockUSD: m.contract("MockUSD") }));
