import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { type Artifacts, contractOf } from "../artifacts.ts";

/**
 * A stand-in for a stablecoin: for devnets and tests only, because anyone may mint it.
 *
 * @param artifacts - Its code; Hardhat's build where there are none.
 */
export const mockUSDModule = (artifacts?: Artifacts) =>
  buildModule("MockUSD", (m) => ({ mockUSD: contractOf(m, artifacts)("MockUSD") }));
