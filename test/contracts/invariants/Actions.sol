// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The actions of the scenario by name: what a runner may call
/// @dev A name is its function's, which takes one seed.
library Actions {
    function names() internal pure returns (string[] memory list) {
        list = new string[](84);
        uint256 i;
        list[i++] = "createByHand";
        list[i++] = "createDrawn";
        list[i++] = "deploy";
        list[i++] = "claimDomain";
        list[i++] = "releaseDomain";
        list[i++] = "depositAt";
        list[i++] = "noticeLapse";
        list[i++] = "lapse";
        list[i++] = "setReplicas";
        list[i++] = "assignReplicas";
        list[i++] = "setBudget";
        list[i++] = "grow";
        list[i++] = "setRefill";
        list[i++] = "addVersion";
        list[i++] = "activate";
        list[i++] = "split";
        list[i++] = "setMeter";
        list[i++] = "setDelegate";
        list[i++] = "giveProject";
        list[i++] = "takeProject";
        list[i++] = "close";
        list[i++] = "requestWithdraw";
        list[i++] = "cancelWithdraw";
        list[i++] = "withdraw";
        list[i++] = "register";
        list[i++] = "requestUnstake";
        list[i++] = "cancelUnstake";
        list[i++] = "withdrawStake";
        list[i++] = "setPresence";
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
        list[i++] = "renewPresence";
        list[i++] = "askAvailable";
        list[i++] = "releaseByOwner";
        list[i++] = "releaseByMeter";
        list[i++] = "dispute";
        list[i++] = "decideGuilty";
        list[i++] = "condemn";
        list[i++] = "decideInnocent";
        list[i++] = "extend";
        list[i++] = "draw";
        list[i++] = "claim";
        list[i++] = "claimAll";
        list[i++] = "deposit";
        list[i++] = "depositWithPermit";
        list[i++] = "depositWithAuthorization";
        list[i++] = "addStake";
        list[i++] = "sendTokens";
        list[i++] = "refill";
        list[i++] = "prune";
        list[i++] = "collectRefund";
        list[i++] = "collectFees";
        list[i++] = "announcePrices";
        list[i++] = "announceParameters";
        list[i++] = "announceSuccessor";
        list[i++] = "executeChange";
        list[i++] = "skipDelay";
        list[i++] = "cancelChange";
        list[i++] = "pause";
        list[i++] = "suspendDecisions";
        list[i++] = "touchUncounted";
        list[i++] = "touchForged";
        list[i++] = "playSettlement";
        list[i++] = "playArbiter";
        list[i++] = "playOwner";
        list[i++] = "playNodeOwner";
        list[i++] = "deployAsDelegate";
        list[i++] = "propose";
        list[i++] = "deployAtAnothers";
        list[i++] = "later";
        list[i++] = "toAnEdge";
        list[i++] = "leap";
    }

    /// @notice Ways in which some of them go that have to come to pass too: the key of each is made like a selector.
    function variants() internal pure returns (string[] memory list) {
        list = new string[](19);
        uint256 i;
        list[i++] = "grownCap";
        list[i++] = "grownNodes";
        list[i++] = "grownBoth";
        list[i++] = "grownAgain";
        list[i++] = "grownBesideNext";
        list[i++] = "grownSinceBegun";
        list[i++] = "lifted";
        list[i++] = "slashCutToShare";
        list[i++] = "slashCutToBound";
        list[i++] = "rewardCut";
        list[i++] = "decidedExtended";
        list[i++] = "decisionSuspended";
        list[i++] = "arbiterReplaced";
        list[i++] = "namesTakenAtClosed";
        list[i++] = "targetMoved";
        list[i++] = "refilledThin";
        list[i++] = "refillUnfunded";
        list[i++] = "proposed";
        list[i++] = "paidAfterPromise";
    }

    function selectors() internal pure returns (bytes4[] memory list) {
        string[] memory all = names();
        list = new bytes4[](all.length);
        for (uint256 i = 0; i < all.length; i++) {
            list[i] = keyOf(all[i]);
        }
    }

    /// @notice The selector of an action, and what a variant is counted under.
    function keyOf(string memory name) internal pure returns (bytes4) {
        return bytes4(keccak256(abi.encodePacked(name, "(uint256)")));
    }

    /// @notice What is counted: actions, then variants.
    function counted() internal pure returns (string[] memory list) {
        (string[] memory actions, string[] memory ways) = (names(), variants());
        list = new string[](actions.length + ways.length);
        for (uint256 i = 0; i < actions.length; i++) list[i] = actions[i];
        for (uint256 i = 0; i < ways.length; i++) list[actions.length + i] = ways[i];
    }
}
