// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IUsageSettlement} from "../interfaces/IUsageSettlement.sol";
import {Receipt, Receipts} from "../libraries/Receipts.sol";

/// @title An arbiter that is a contract and judges by what it reads on chain alone: for tests
/// @dev Whoever asks for a decision brings the batch; the dispute says which batch it has to be. A node that claims more
/// requests than the arbiter holds possible is guilty.
contract LineArbiter {
    IUsageSettlement private immutable SETTLEMENT;
    uint256 private immutable MOST_REQUESTS;

    /// @notice The batch is not the one that the dispute is about.
    error WrongBatch(bytes32 given, bytes32 disputed);
    /// @notice The line is not the disputed one.
    error WrongLine(uint64 projectId, uint64 amount);

    constructor(IUsageSettlement settlement, uint256 mostRequests) {
        SETTLEMENT = settlement;
        MOST_REQUESTS = mostRequests;
    }

    /// @notice Takes more time for a dispute.
    function extend(uint64 projectId, uint32 nodeId, uint32 epoch) external {
        SETTLEMENT.extend(projectId, nodeId, epoch);
    }

    /// @notice Decides a dispute by the disputed line.
    function judge(
        uint64 projectId,
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata lines,
        uint256 index
    ) external {
        IUsageSettlement.Dispute memory dispute = SETTLEMENT.statusOf(projectId, nodeId, epoch);
        bytes32 given = SETTLEMENT.batchHashOf(nodeId, epoch, statements, lines);
        if (given != dispute.batchHash) revert WrongBatch(given, dispute.batchHash);
        (Receipt receipt, uint64 amount) = Receipts.lineAt(lines, index);
        if (receipt.projectId() != projectId || amount != dispute.amount) revert WrongLine(receipt.projectId(), amount);

        bool guilty = receipt.requests() > MOST_REQUESTS;
        // More than any bound: it is cut to them.
        uint64 most = guilty ? type(uint64).max : 0;
        SETTLEMENT.decide(projectId, nodeId, epoch, guilty, most, most);
    }
}
