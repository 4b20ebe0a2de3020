// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The actions of the scenario by name: what a runner may call
/// @dev A name is its function's, which takes one seed.
library Actions {
    function names() internal pure returns (string[] memory list) {
        list = new string[](69);
        uint256 i;
        list[i++] = "createByHand";
        list[i++] = "createDrawn";
        list[i++] = "deploy";
        list[i++] = "setReplicas";
        list[i++] = "assignReplicas";
        list[i++] = "setBudget";
        list[i++] = "setRefill";
        list[i++] = "setMeter";
        list[i++] = "setDelegate";
        list[i++] = "giveProject";
        list[i++] = "takeProject";
        list[i++] = "moveDomain";
        list[i++] = "close";
        list[i++] = "requestWithdraw";
        list[i++] = "cancelWithdraw";
        list[i++] = "withdraw";
        list[i++] = "register";
        list[i++] = "requestUnstake";
        list[i++] = "cancelUnstake";
        list[i++] = "withdrawStake";
        list[i++] = "setAccepting";
        list[i++] = "setRegion";
        list[i++] = "setOperator";
        list[i++] = "setEndpoint";
        list[i++] = "giveNode";
        list[i++] = "takeNode";
        list[i++] = "leaveSeats";
        list[i++] = "submitAll";
        list[i++] = "submit";
        list[i++] = "submitSplit";
        list[i++] = "submitDishonest";
        list[i++] = "submitAtAnyTime";
        list[i++] = "submitForged";
        list[i++] = "resubmitSkipped";
        list[i++] = "replay";
        list[i++] = "renewAccepting";
        list[i++] = "askAvailable";
        list[i++] = "releaseByOwner";
        list[i++] = "releaseByMeter";
        list[i++] = "dispute";
        list[i++] = "decideGuilty";
        list[i++] = "decideInnocent";
        list[i++] = "draw";
        list[i++] = "claim";
        list[i++] = "claimAll";
        list[i++] = "deposit";
        list[i++] = "depositWithPermit";
        list[i++] = "addStake";
        list[i++] = "sendTokens";
        list[i++] = "refill";
        list[i++] = "prune";
        list[i++] = "lapse";
        list[i++] = "collectRefund";
        list[i++] = "collectFees";
        list[i++] = "announcePrices";
        list[i++] = "announceParameters";
        list[i++] = "executeChange";
        list[i++] = "skipDelay";
        list[i++] = "cancelChange";
        list[i++] = "pause";
        list[i++] = "touchUncounted";
        list[i++] = "touchForged";
        list[i++] = "playSettlement";
        list[i++] = "playOwner";
        list[i++] = "playNodeOwner";
        list[i++] = "deployAsDelegate";
        list[i++] = "later";
        list[i++] = "toAnEdge";
        list[i++] = "leap";
    }

    function selectors() internal pure returns (bytes4[] memory list) {
        string[] memory all = names();
        list = new bytes4[](all.length);
        for (uint256 i = 0; i < all.length; i++) {
            list[i] = bytes4(keccak256(abi.encodePacked(all[i], "(uint256)")));
        }
    }

    function nameAt(uint256 index) internal pure returns (string memory) {
        return names()[index];
    }
}
