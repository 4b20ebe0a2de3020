// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {EpochClock} from "./base/EpochClock.sol";
import {SettlementBound} from "./base/SettlementBound.sol";
import {ICreditEscrow} from "./interfaces/ICreditEscrow.sol";
import {ITransferAuthorizations} from "./interfaces/ITransferAuthorizations.sol";
import {IProjectRegistry} from "./interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "./interfaces/IUsageSettlement.sol";
import {Asset} from "./libraries/Asset.sol";
import {Credit} from "./types/Credit.sol";
import {Ring} from "./types/Ring.sol";

/// @title Escrow: the credit of every project, and what was charged until it is paid
contract CreditEscrow is ICreditEscrow, AccessManaged, SettlementBound, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using Asset for IERC20;

    IERC20 private immutable ASSET;
    IProjectRegistry private immutable PROJECTS;

    /// @inheritdoc ICreditEscrow
    address public feeReceiver;
    /// @inheritdoc ICreditEscrow
    uint128 public held;
    /// @inheritdoc ICreditEscrow
    uint96 public fees;
    mapping(uint64 projectId => Credit) private _credits;
    /// @inheritdoc ICreditEscrow
    mapping(address who => uint64) public refundOf;

    /// @param authority The access manager.
    /// @param asset_ An ERC-20 with exactly 6 decimals, the same as the stake's.
    /// @param projects Says who owns a project; its time line counts here too.
    /// @param feeReceiver_ Where `collectFees` pays to.
    constructor(
        address authority,
        IERC20 asset_,
        IProjectRegistry projects,
        address feeReceiver_
    ) AccessManaged(authority) EpochClock(projects.times()) {
        ASSET = asset_.check();
        PROJECTS = projects;
        _setFeeReceiver(feeReceiver_);
    }

    modifier onlyProjectOwner(uint64 projectId) {
        address owner = PROJECTS.ownerOf(projectId);
        if (msg.sender != owner) revert IProjectRegistry.NotProjectOwner(projectId, msg.sender, owner);
        _;
    }

    // Credit

    /// @inheritdoc ICreditEscrow
    function deposit(uint64 projectId, uint64 amount) external nonReentrant {
        _deposit(projectId, amount);
    }

    /// @inheritdoc ICreditEscrow
    function depositAt(
        string calldata domain,
        address owner,
        uint64 amount
    ) external nonReentrant returns (uint64 projectId) {
        projectId = PROJECTS.nameRegistry().projectAt(domain, owner);
        if (projectId == 0) revert NothingDeployedAt(domain, owner);
        _deposit(projectId, amount);
    }

    /// @inheritdoc ICreditEscrow
    function depositWithPermit(
        uint64 projectId,
        uint64 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant {
        // Whoever saw the permit may have used it: then the allowance stands, and if not, the transfer says so.
        // solhint-disable-next-line no-empty-blocks
        try IERC20Permit(address(ASSET)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _deposit(projectId, amount);
    }

    /// @inheritdoc ICreditEscrow
    function depositWithAuthorization(
        uint64 projectId,
        address owner,
        address from,
        uint64 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 salt,
        bytes calldata signature
    ) external nonReentrant {
        address current = PROJECTS.ownerOf(projectId);
        if (owner != current) revert IProjectRegistry.NotProjectOwner(projectId, owner, current);
        bytes32 nonce = keccak256(abi.encode(projectId, owner, salt));
        _requireUnused(from, nonce);

        uint256 before = ASSET.balanceOf(address(this));
        _receive(from, value, validAfter, validBefore, nonce, signature);
        _book(projectId, from, (ASSET.balanceOf(address(this)) - before).toUint64(), salt);
    }

    /// @inheritdoc ICreditEscrow
    function requestWithdraw(uint64 projectId, uint64 amount) external onlyProjectOwner(projectId) {
        Credit credit = _credits[projectId];
        if (amount == 0 || amount > credit.balance()) revert WithdrawOutOfRange(amount, uint64(credit.balance()));
        uint32 thawEpoch = currentEpoch();
        _credits[projectId] = credit.withThaw(amount, thawEpoch);
        emit WithdrawRequested(projectId, amount, thawEpoch);
    }

    /// @inheritdoc ICreditEscrow
    function cancelWithdraw(uint64 projectId) external onlyProjectOwner(projectId) {
        Credit credit = _credits[projectId];
        if (credit.thawing() == 0) revert NoCreditThaws(projectId);
        _credits[projectId] = credit.withThaw(0, 0);
        emit WithdrawCancelled(projectId);
    }

    /// @inheritdoc ICreditEscrow
    function withdraw(uint64 projectId) external nonReentrant onlyProjectOwner(projectId) returns (uint64 amount) {
        Credit credit = _credits[projectId];
        amount = uint64(credit.thawing());
        if (amount == 0) revert NoCreditThaws(projectId);
        uint256 lastEpoch = credit.thawEpoch() + CREDIT_THAW;
        if (currentEpoch() <= lastEpoch) revert CreditStillThaws(projectId, uint32(lastEpoch));

        credit = credit.withThaw(0, 0).minus(amount);
        _credits[projectId] = credit;
        emit Withdrawn(projectId, msg.sender, amount, uint64(credit.balance()));

        ASSET.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc ICreditEscrow
    function collectRefund(address to) external nonReentrant returns (uint64 amount) {
        if (_isOurs(to)) revert WrongReceiver(to);
        amount = refundOf[msg.sender];
        if (amount == 0) revert NothingOwed(msg.sender);
        refundOf[msg.sender] = 0;
        held -= amount;
        emit RefundCollected(msg.sender, to, amount);

        ASSET.safeTransfer(to, amount);
    }

    /// @inheritdoc ICreditEscrow
    function collectFees() external nonReentrant returns (uint96 amount) {
        amount = fees;
        if (amount == 0) revert NothingOwed(feeReceiver);
        fees = 0;
        emit FeesCollected(feeReceiver, amount);

        ASSET.safeTransfer(feeReceiver, amount);
    }

    // Parameters

    /// @inheritdoc ICreditEscrow
    function setFeeReceiver(address receiver) external restricted {
        _setFeeReceiver(receiver);
    }

    // The settlement's

    /// @inheritdoc ICreditEscrow
    function charge(uint256[] calldata debits) external onlySettlement returns (uint256 refused) {
        uint256 total;
        unchecked {
            for (uint256 i = 0; i < debits.length; i++) {
                uint256 debit = debits[i];
                uint64 projectId = uint64(debit >> 64);
                uint256 amount = uint64(debit);
                Credit credit = _credits[projectId];
                if (amount > credit.balance()) {
                    refused |= 1 << i;
                } else {
                    _credits[projectId] = credit.minus(amount);
                    total += amount; // at most 256 amounts below 2^64
                }
            }
        }
        held += uint128(total);
    }

    /// @inheritdoc ICreditEscrow
    function refund(uint64 projectId, uint64 amount) external onlySettlement {
        held -= amount;
        uint64 balance = _credit(projectId, amount);
        emit Refunded(projectId, amount, balance);
    }

    /// @inheritdoc ICreditEscrow
    function pay(address to, uint64 amount, uint64 fee) external nonReentrant onlySettlement {
        held -= uint128(amount) + fee;
        fees += fee;

        // The fee may be all of it, and some tokens refuse to move nothing.
        if (amount != 0) ASSET.safeTransfer(to, amount);
    }

    /// @inheritdoc ICreditEscrow
    function takeBond(address from, uint64 bond) external nonReentrant onlySettlement returns (uint64 received) {
        received = ASSET.pull(from, bond);
        if (received < bond) revert BondTooSmall(received, bond);
        held += received;
    }

    /// @inheritdoc ICreditEscrow
    function owe(address who, uint64 amount) external onlySettlement {
        _owe(who, amount);
    }

    /// @inheritdoc ICreditEscrow
    function takeSlash(
        address from,
        uint64 slash,
        address who,
        uint64 reward
    ) external nonReentrant onlySettlement returns (uint64 received, uint64 rewarded) {
        received = ASSET.pull(from, slash);
        rewarded = uint64(Math.min(reward, received / 2));
        held += rewarded;
        fees += received - rewarded;
        if (rewarded != 0) _owe(who, rewarded);
    }

    // Views

    /// @inheritdoc ICreditEscrow
    function accountOf(uint64 projectId) external view returns (Account memory account) {
        Credit credit = _credits[projectId];
        return
            Account({
                balance: uint64(credit.balance()),
                thawing: uint64(credit.thawing()),
                thawEpoch: uint32(credit.thawEpoch()),
                raisedAt: uint32(credit.raisedAt())
            });
    }

    /// @inheritdoc ICreditEscrow
    function available(uint64 projectId) public view returns (uint64 amount) {
        Credit credit = _credits[projectId];
        uint256 free = credit.balance() - credit.thawing();
        uint256 reserved = _uncounted(projectId);
        return reserved < free ? uint64(free - reserved) : 0;
    }

    /// @inheritdoc ICreditEscrow
    function runway(uint64 projectId) external view returns (uint256 epochs, uint256 runwaySeconds) {
        uint32 epoch = currentEpoch();
        uint256 budget = Math.max(PROJECTS.budgetAt(projectId, epoch), PROJECTS.budgetAt(projectId, epoch + 1));
        if (budget == 0) return (type(uint256).max, type(uint256).max);
        epochs = available(projectId) / budget;
        runwaySeconds = epochs * EPOCH_SECONDS;
    }

    /// @inheritdoc ICreditEscrow
    function asset() external view returns (IERC20) {
        return ASSET;
    }

    // Internals

    function _deposit(uint64 projectId, uint64 amount) private {
        PROJECTS.ownerOf(projectId); // reverts where there is no such project
        _book(projectId, msg.sender, ASSET.pull(msg.sender, amount), 0);
    }

    /// Adds what arrived to a project's credit.
    function _book(uint64 projectId, address from, uint64 received, bytes32 salt) private {
        if (received == 0) revert NothingDeposited(projectId);
        uint64 balance = _credit(projectId, received);
        emit Deposited(projectId, from, received, balance, salt);
    }

    function _credit(uint64 projectId, uint64 amount) private returns (uint64 balance) {
        Credit credit = _credits[projectId].plus(amount, currentEpoch());
        _credits[projectId] = credit;
        return uint64(credit.balance());
    }

    /// Asks the token itself, so that a relay that came second is told apart from a signature that is wrong.
    function _requireUnused(address from, bytes32 nonce) private view {
        try ITransferAuthorizations(address(ASSET)).authorizationState(from, nonce) returns (bool isUsed) {
            if (isUsed) revert AlreadyDeposited(from, nonce);
        } catch {
            revert NoAuthorizations(address(ASSET));
        }
    }

    /// Fails as the token fails. One that says nothing does not know signatures of contracts, as USDC before version 2.2.
    function _receive(
        address from,
        uint64 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) private {
        try
            ITransferAuthorizations(address(ASSET)).receiveWithAuthorization(
                from,
                address(this),
                value,
                validAfter,
                validBefore,
                nonce,
                signature
            )
        // solhint-disable-next-line no-empty-blocks
        {} catch (bytes memory reason) {
            if (reason.length == 0) revert NoAuthorizations(address(ASSET));
            assembly ("memory-safe") {
                revert(add(reason, 32), mload(reason))
            }
        }
    }

    function _owe(address who, uint64 amount) private {
        refundOf[who] += amount;
        emit RefundOwed(who, amount, refundOf[who]);
    }

    function _setFeeReceiver(address receiver) private {
        if (_isOurs(receiver)) revert WrongReceiver(receiver);
        feeReceiver = receiver;
        emit FeeReceiverSet(receiver);
    }

    /// Whether what is sent to `receiver` would be lost: to nobody, or to a contract that gives nothing back.
    function _isOurs(address receiver) private view returns (bool) {
        return
            receiver == address(0) ||
            receiver == address(this) ||
            receiver == address(ASSET) ||
            receiver == settlement ||
            receiver == address(PROJECTS) ||
            receiver == address(PROJECTS.nodeRegistry()) ||
            receiver == address(PROJECTS.nameRegistry());
    }

    /// What may still be submitted: the cap for each seat of the last `late` epochs that is not counted yet.
    function _uncounted(uint64 projectId) private view returns (uint256 amount) {
        Ring ring = IUsageSettlement(settlement).ringOf(projectId);
        uint256 epoch = currentEpoch();
        for (uint256 e = epoch > LATE ? epoch - LATE : 0; e < epoch; e++) {
            (uint256 seatBits, uint40 cap) = PROJECTS.chargeableSeats(projectId, uint32(e));
            uint256 uncounted = seatBits & ~ring.countedSeats(e);
            for (; uncounted != 0; uncounted &= uncounted - 1) {
                amount += cap;
            }
        }
    }

    /// @inheritdoc SettlementBound
    function _namesThis(IUsageSettlement candidate) internal view override returns (bool) {
        return
            address(candidate.creditEscrow()) == address(this) &&
            address(candidate) != feeReceiver &&
            address(candidate.projectRegistry()) == address(PROJECTS);
    }
}
