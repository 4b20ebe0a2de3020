// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {NodePool} from "../../../contracts/libraries/NodePool.sol";
import {same} from "../support/same.sol";

/// @title The pool against plain lists, through any order of joining and leaving; and every draw from it
contract NodePoolFuzzTest {
    using NodePool for NodePool.Pool;
    using NodePool for NodePool.Draw;

    NodePool.Pool private _pool;
    uint32[][9] private _lists;

    /// A step joins a new node or removes one, in a region.
    function testFuzz_membersStayInTheirPlaces(uint16[60] memory steps) external {
        _walk(steps);
        _requireAsListed();
    }

    /// A draw gives each member of the masked regions at most once, all of them when there are up to 16, and no other.
    function testFuzz_drawsMembersOfTheMaskOnce(uint16[60] memory steps, uint16 mask, uint256 seed) external {
        _walk(steps);
        uint256 regionMask = 1 + (mask % 0x1ff);
        uint256 total;
        for (uint256 region = 0; region < 9; region++) {
            if (((regionMask >> region) & 1) == 1) total += _lists[region].length;
        }
        NodePool.Draw memory draw = _pool.startDraw(regionMask, seed);
        same(draw.total, total);
        uint256 seen;
        uint256 count;
        for (; draw.hasNext(); count++) {
            uint256 nodeId = draw.next(_pool);
            assert(((seen >> nodeId) & 1) == 0);
            seen |= 1 << nodeId;
            assert(_isIn(nodeId, regionMask));
        }
        same(count, total < 16 ? total : 16);
    }

    /// Ids count from 1 and stay below 61, so a word of bits can hold who was seen.
    function _walk(uint16[60] memory steps) private {
        for (uint256 i = 0; i < steps.length; i++) {
            uint256 region = (steps[i] >> 8) % 9;
            uint32[] storage list = _lists[region];
            if (steps[i] % 3 == 0 && list.length != 0) {
                uint256 index = (steps[i] >> 2) % list.length;
                same(_pool.remove(region, index), list[list.length - 1]);
                list[index] = list[list.length - 1];
                list.pop();
            } else {
                same(_pool.push(region, i + 1), list.length);
                list.push(uint32(i + 1));
            }
        }
    }

    function _requireAsListed() private view {
        for (uint256 region = 0; region < 9; region++) {
            uint32[] storage list = _lists[region];
            same(_pool.length(region), list.length);
            for (uint256 i = 0; i < list.length; i++) same(_pool.nodeAt(region, i), list[i]);
            same(_pool.nodeAt(region, list.length), 0);
        }
    }

    function _isIn(uint256 nodeId, uint256 regionMask) private view returns (bool) {
        for (uint256 region = 0; region < 9; region++) {
            if (((regionMask >> region) & 1) == 0) continue;
            for (uint256 i = 0; i < _lists[region].length; i++) if (_lists[region][i] == nodeId) return true;
        }
        return false;
    }
}
