// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ISettlementBound} from "./ISettlementBound.sol";

/// @title Escrow: the credit of every project, and what was charged until it is paid
/// @notice Amounts are base units of the asset (6 decimals). What this contract holds is the sum of all balances, of
/// `held` (charges on their way to nodes, bonds and refunds) and of `fees`, or more, never less.
interface ICreditEscrow is ISettlementBound {
    /// @notice A project's credit.
    /// @param balance All of it, including `thawing`.
    /// @param thawing What the owner asked back; charges reach it until it is withdrawn.
    /// @param thawEpoch The epoch in which it was asked back.
    /// @param raisedAt The epoch of the last deposit or refund.
    struct Account {
        uint64 balance;
        uint64 thawing;
        uint32 thawEpoch;
        uint32 raisedAt;
    }

    /// @notice `balance` is what stands after the deposit; `salt` tells deposits by authorization apart, and is 0 for others.
    event Deposited(uint64 indexed projectId, address indexed from, uint64 amount, uint64 balance, bytes32 salt);
    event WithdrawRequested(uint64 indexed projectId, uint64 thawing, uint32 thawEpoch);
    event WithdrawCancelled(uint64 indexed projectId);
    /// @notice `balance` is what stands after the withdrawal.
    event Withdrawn(uint64 indexed projectId, address indexed to, uint64 amount, uint64 balance);
    /// @notice A disputed charge came back; `balance` is what stands after it.
    event Refunded(uint64 indexed projectId, uint64 amount, uint64 balance);
    /// @notice `who` may collect `amount` more; `refund` is what stands.
    event RefundOwed(address indexed who, uint64 amount, uint64 refund);
    event RefundCollected(address indexed who, address indexed to, uint64 amount);
    event FeesCollected(address indexed receiver, uint96 amount);
    event FeeReceiverSet(address indexed receiver);

    /// @notice Nothing arrived.
    error NothingDeposited(uint64 projectId);
    /// @notice 1 to `balance` can be asked back.
    error WithdrawOutOfRange(uint64 amount, uint64 balance);
    /// @notice Nothing was asked back.
    error NoCreditThaws(uint64 projectId);
    /// @notice The credit leaves after epoch `lastEpoch`.
    error CreditStillThaws(uint64 projectId, uint32 lastEpoch);
    /// @notice Nothing is owed to `who`.
    error NothingOwed(address who);
    /// @notice Fees cannot go to the zero address, nor to a contract of the network, where nobody could collect them.
    error WrongReceiver(address receiver);
    /// @notice A `deploy` of `owner` to this domain would create a project: there is none to deposit to.
    error NothingDeployedAt(string domain, address owner);
    /// @notice The asset knows no transfers by authorization (ERC-3009).
    error NoAuthorizations(address asset);
    /// @notice The authorization was used, or taken back: see `Deposited` for its payer and salt.
    error AlreadyDeposited(address from, bytes32 nonce);
    /// @notice Less arrived than the bond has to be.
    error BondTooSmall(uint64 received, uint64 bond);

    /// @notice Adds to a project's credit. Anyone may; never touches a thaw.
    /// @param amount Base units, approved to this contract before. What arrives counts.
    function deposit(uint64 projectId, uint64 amount) external;

    /// @notice `deposit` with an EIP-2612 permit in the same call. A permit that somebody used before does no harm.
    function depositWithPermit(
        uint64 projectId,
        uint64 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice `deposit` into the project to which `deploy(domain)` of `owner` goes; reverts where there is none, so that no
    /// deposit ever goes to a project of somebody else. Anyone may.
    /// @param amount Base units, approved to this contract before. What arrives counts.
    /// @return projectId Where it went.
    function depositAt(string calldata domain, address owner, uint64 amount) external returns (uint64 projectId);

    /// @notice `deposit` of what `from` authorized by a signature for this very project and owner (ERC-3009
    /// `receiveWithAuthorization` with the nonce `keccak256(abi.encode(projectId, owner, salt))`). Anyone relays it; `from`
    /// pays no gas. A relay that somebody else was quicker with is harmless.
    /// @param owner Who has to own the project.
    /// @param from Who pays; a key, or a contract by ERC-1271.
    /// @param value Base units.
    /// @param validAfter Unix time, in seconds: the authorization counts after it.
    /// @param validBefore Unix time, in seconds: and before it.
    /// @param salt Tells several authorizations for one project apart.
    /// @param signature EIP-712, in the asset's own domain.
    function depositWithAuthorization(
        uint64 projectId,
        address owner,
        address from,
        uint64 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 salt,
        bytes calldata signature
    ) external;

    /// @notice Asks `amount` back; replaces an earlier request and restarts its time. For the project's owner.
    function requestWithdraw(uint64 projectId, uint64 amount) external;

    /// @notice Takes the request back.
    function cancelWithdraw(uint64 projectId) external;

    /// @notice Pays what was asked back to the owner, once `now > thawEpoch + creditThaw`; less, if charges reached it.
    /// @return amount What was paid, in base units.
    function withdraw(uint64 projectId) external returns (uint64 amount);

    /// @notice Pays what disputes left to the caller: bonds that came back, and shares of slashes.
    /// @param to Who receives it.
    /// @return amount What was paid, in base units.
    function collectRefund(address to) external returns (uint64 amount);

    /// @notice Pays the fees so far to the fee receiver. Anyone may.
    /// @return amount What was paid, in base units.
    function collectFees() external returns (uint96 amount);

    /// @notice Sets who receives the fees; not a contract of the network. For the access manager, after its delay.
    function setFeeReceiver(address receiver) external;

    /// @notice Takes charges from projects, each all or nothing, and holds them. For the settlement.
    /// @param debits `projectId << 64 | amount` each; at most 256.
    /// @return refused Bit i is set where debit i found too little credit.
    function charge(uint256[] calldata debits) external returns (uint256 refused);

    /// @notice Gives a held charge back to a project. For the settlement.
    function refund(uint64 projectId, uint64 amount) external;

    /// @notice Pays held amounts: `amount` to `to`, `fee` to the fees. For the settlement.
    function pay(address to, uint64 amount, uint64 fee) external;

    /// @notice Takes a bond of at least `bond` from `from` and holds it. For the settlement.
    /// @return received What arrived.
    function takeBond(address from, uint64 bond) external returns (uint64 received);

    /// @notice Lets `who` collect a held amount. For the settlement.
    function owe(address who, uint64 amount) external;

    /// @notice Fetches slashed stake: `reward` of it, at most half of what arrives, for `who` to collect, the rest for the
    /// fees. For the settlement.
    /// @param from The node registry, which approved `slash` before.
    /// @return received What arrived, which is less where the token takes a fee.
    /// @return rewarded What `who` may collect of it.
    function takeSlash(
        address from,
        uint64 slash,
        address who,
        uint64 reward
    ) external returns (uint64 received, uint64 rewarded);

    /// @notice A project's credit.
    function accountOf(uint64 projectId) external view returns (Account memory account);

    /// @notice What may be counted on: the balance less what thaws, less the cap for every seat and epoch that may
    /// still be submitted and is not counted yet. Seats of nodes that were retired then are none. Never below 0.
    function available(uint64 projectId) external view returns (uint64 amount);

    /// @notice For how long `available` pays the whole budget: the larger of this epoch's and the next one's.
    /// @param projectId The project.
    /// @return epochs Whole epochs; the largest number when nothing is charged.
    /// @return runwaySeconds The same in seconds.
    function runway(uint64 projectId) external view returns (uint256 epochs, uint256 runwaySeconds);

    /// @notice What `who` may collect.
    function refundOf(address who) external view returns (uint64 amount);

    /// @notice What was charged or bonded and has not left yet; without fees.
    function held() external view returns (uint128 amount);

    /// @notice Fees that were not collected yet.
    function fees() external view returns (uint96 amount);

    /// @notice Who receives the fees.
    function feeReceiver() external view returns (address receiver);

    /// @notice The one asset: an ERC-20 with exactly 6 decimals.
    function asset() external view returns (IERC20);
}
