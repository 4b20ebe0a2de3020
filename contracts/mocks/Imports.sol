// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// Compiled so that the deployment module finds its artifact.
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
