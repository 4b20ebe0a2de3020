// SPDX-License-Identifier: Apache-2.0
// Three small tokens of one purpose, with constants that are named like the functions of a token.
// solhint-disable one-contract-per-file, const-name-snakecase
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that misbehaves as it is told: for tests
contract HostileToken is ERC20 {
    /// How a transfer or an approval ends: as in the standard, without a word, with a false, or with a revert.
    enum Ending {
        True,
        Nothing,
        False,
        Revert
    }

    uint8 private immutable DECIMALS;
    /// What a transfer loses, in 1/10000.
    uint256 public feeBps;
    mapping(address account => bool) public blacklisted;
    Ending public ending;
    bool public refusesZero;
    mapping(address authorizer => mapping(bytes32 nonce => bool)) public authorizationState;
    /// Called, once, in the middle of the next transfer.
    address public hookTarget;
    bytes public hookData;

    error Authorized(address authorizer, bytes32 nonce);
    error Blacklisted(address account);
    error Stopped();
    error ZeroTransfer();

    constructor(uint8 decimals_) ERC20("Hostile", "HST") {
        DECIMALS = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setFee(uint256 feeBps_) external {
        feeBps = feeBps_;
    }

    function setBlacklisted(address account, bool blacklisted_) external {
        blacklisted[account] = blacklisted_;
    }

    function setEnding(Ending ending_) external {
        ending = ending_;
    }

    function setRefusesZero(bool refusesZero_) external {
        refusesZero = refusesZero_;
    }

    function setHook(address target, bytes calldata data) external {
        (hookTarget, hookData) = (target, data);
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        if (ending == Ending.False) return false;
        super.transfer(to, value);
        return _end();
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        if (ending == Ending.False) return false;
        super.transferFrom(from, to, value);
        return _end();
    }

    function approve(address spender, uint256 value) public override returns (bool) {
        if (ending == Ending.False) return false;
        super.approve(spender, value);
        return _end();
    }

    /// Believes every signature. ERC-3009 has no result: where transfers return false, this one does nothing and is silent.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256,
        uint256,
        bytes32 nonce,
        bytes calldata
    ) external {
        if (ending == Ending.False) return;
        if (authorizationState[from][nonce]) revert Authorized(from, nonce);
        authorizationState[from][nonce] = true;
        _transfer(from, to, value);
        _end();
    }

    function _end() private view returns (bool) {
        if (ending == Ending.Revert) revert Stopped();
        if (ending == Ending.Nothing) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        return true;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (refusesZero && value == 0) revert ZeroTransfer();
        if (blacklisted[from] || blacklisted[to]) revert Blacklisted(blacklisted[from] ? from : to);
        if (hookTarget != address(0)) {
            address target = hookTarget;
            hookTarget = address(0);
            // The test says what is called.
            // solhint-disable-next-line avoid-low-level-calls
            (bool done, bytes memory reason) = target.call(hookData);
            if (!done) {
                assembly ("memory-safe") {
                    revert(add(reason, 32), mload(reason))
                }
            }
        }
        uint256 fee = from == address(0) || to == address(0) ? 0 : (value * feeBps) / 10_000;
        super._update(from, to, value - fee);
        if (fee != 0) super._update(from, address(0), fee);
    }
}

/// @title A token of the old kind, whose transfers return nothing: for tests
contract SilentToken {
    uint8 public constant decimals = 6;
    mapping(address account => uint256) public balanceOf;
    mapping(address account => mapping(address spender => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @title A token whose transfers fail without a revert: for tests
contract FalseToken {
    uint8 public constant decimals = 6;
    uint256 public constant balanceOfAnyone = 1e15;

    function balanceOf(address) external pure returns (uint256) {
        return balanceOfAnyone;
    }

    function transfer(address, uint256) external pure returns (bool) {
        return false;
    }

    function transferFrom(address, address, uint256) external pure returns (bool) {
        return false;
    }
}
