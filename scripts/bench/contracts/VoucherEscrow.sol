// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @title Payment by cumulative vouchers, the nearest public design: a benchmark to measure ours beside
/// @notice The shape of The Graph's GraphTally: a payer has an escrow for each receiver and signs what it owes in all; the
/// receiver collects what that is more than last time.
/// @dev Cheaper than GraphTally on purpose, so that the comparison flatters nobody: one contract instead of three, one
/// slot for an account, 64-byte signatures, a list of vouchers in one call, tokens moved once by `claim`. It leaves out
/// signers other than the payer, thawing, delegation and data services; and, as GraphTally does, prices, caps and
/// disputes: what the payer signed is owed.
contract VoucherEscrow is EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev What a payer holds for a receiver, and what of its vouchers was collected. One slot.
    struct Account {
        uint128 balance;
        uint128 collected;
    }

    /// @dev What a receiver collected and did not claim yet. One slot.
    struct Earned {
        uint128 amount;
        uint128 fee;
    }

    /// @param valueAggregate What the payer owes the receiver since the beginning.
    /// @param r The first half of the payer's signature; EIP-2098.
    /// @param vs The second.
    struct Voucher {
        address payer;
        uint64 timestampNs;
        uint128 valueAggregate;
        bytes32 r;
        bytes32 vs;
    }

    uint256 private constant BPS = 10_000;
    bytes32 private constant VOUCHER_TYPEHASH = keccak256(
        "Voucher(address payer,address receiver,uint64 timestampNs,uint128 valueAggregate)"
    );

    IERC20 private immutable ASSET;
    uint256 private immutable FEE_BPS;

    uint128 public fees;
    mapping(address payer => mapping(address receiver => Account)) public accounts;
    mapping(address receiver => Earned) public earned;

    event Deposited(address indexed payer, address indexed receiver, uint128 amount);
    event Collected(
        address indexed payer,
        address indexed receiver,
        uint64 timestampNs,
        uint128 valueAggregate,
        uint128 amount
    );
    event Claimed(address indexed receiver, uint128 paid, uint128 fee);

    /// @notice The voucher was not signed by the payer it names.
    error WrongSigner(address payer, address signer);
    /// @notice As much was collected before.
    error NothingNew(address payer, uint128 valueAggregate, uint128 collected);
    /// @notice The payer's escrow holds less.
    error TooLittleEscrow(address payer, uint128 amount, uint128 balance);
    /// @notice Nothing was collected.
    error NothingToClaim(address receiver);

    constructor(IERC20 asset, uint256 feeBps) EIP712("vouchers", "1") {
        ASSET = asset;
        FEE_BPS = feeBps;
    }

    /// @notice Puts `amount` of the caller's into the escrow of `payer` for `receiver`.
    function deposit(address payer, address receiver, uint128 amount) external nonReentrant {
        ASSET.safeTransferFrom(msg.sender, address(this), amount);
        accounts[payer][receiver].balance += amount;
        emit Deposited(payer, receiver, amount);
    }

    /// @notice Collects vouchers to the caller.
    function collect(Voucher[] calldata vouchers) external {
        uint256 total;
        for (uint256 i = 0; i < vouchers.length; i++) {
            total += _collect(vouchers[i]);
        }
        uint256 fee = (total * FEE_BPS + BPS - 1) / BPS;
        Earned storage mine = earned[msg.sender];
        (mine.amount, mine.fee) = (mine.amount + uint128(total - fee), mine.fee + uint128(fee));
    }

    /// @notice Pays out what the caller collected.
    function claim() external nonReentrant {
        Earned memory mine = earned[msg.sender];
        if (mine.amount == 0) revert NothingToClaim(msg.sender);
        delete earned[msg.sender];
        fees += mine.fee;
        emit Claimed(msg.sender, mine.amount, mine.fee);

        ASSET.safeTransfer(msg.sender, mine.amount);
    }

    function _collect(Voucher calldata voucher) private returns (uint128 amount) {
        (address payer, uint128 aggregate) = (voucher.payer, voucher.valueAggregate);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(VOUCHER_TYPEHASH, payer, msg.sender, voucher.timestampNs, aggregate))
        );
        address signer = ECDSA.recover(digest, voucher.r, voucher.vs);
        if (signer != payer) revert WrongSigner(payer, signer);

        Account memory account = accounts[payer][msg.sender];
        if (aggregate <= account.collected) revert NothingNew(payer, aggregate, account.collected);
        amount = aggregate - account.collected;
        if (amount > account.balance) revert TooLittleEscrow(payer, amount, account.balance);
        accounts[payer][msg.sender] = Account({balance: account.balance - amount, collected: aggregate});
        emit Collected(payer, msg.sender, voucher.timestampNs, aggregate, amount);
    }
}
