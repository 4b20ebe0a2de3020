// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The nodes that take projects, by region, in an order that a draw can index
/// @dev Nine lengths of 28 bits share one slot, so that a draw reads them all at once; ids are packed eight to a word.
library NodePool {
    uint256 internal constant REGIONS = 9;
    /// A draw looks at no more candidates than this.
    uint256 internal constant MAX_READS = 16;

    uint256 private constant LENGTH_BITS = 28;
    uint256 private constant LENGTH_MASK = (1 << LENGTH_BITS) - 1;

    struct Pool {
        uint256 lengths;
        mapping(uint256 wordIndex => uint256 eightIds) words;
    }

    /// @notice How many nodes the pool holds in `region`.
    function length(Pool storage pool, uint256 region) internal view returns (uint256) {
        return _length(pool.lengths, region);
    }

    /// @notice Adds `nodeId` at the end of its region; returns its index.
    function push(Pool storage pool, uint256 region, uint256 nodeId) internal returns (uint256 index) {
        uint256 lengths = pool.lengths;
        index = _length(lengths, region);
        _write(pool, region, index, nodeId);
        pool.lengths = lengths + (1 << (LENGTH_BITS * region));
    }

    /// @notice Removes the node at `index`; the last of the region takes its place.
    /// @return moved The node that is now at `index`; the removed one where that was the last.
    function remove(Pool storage pool, uint256 region, uint256 index) internal returns (uint256 moved) {
        uint256 lengths = pool.lengths;
        uint256 lastIndex = _length(lengths, region) - 1;
        moved = nodeAt(pool, region, lastIndex);
        _write(pool, region, index, moved);
        _write(pool, region, lastIndex, 0);
        pool.lengths = lengths - (1 << (LENGTH_BITS * region));
    }

    /// @notice The node at `index` of `region`.
    function nodeAt(Pool storage pool, uint256 region, uint256 index) internal view returns (uint256) {
        return uint32(pool.words[_wordIndex(region, index)] >> _shift(index));
    }

    /// @notice Up to 16 different members of the masked regions, in an order drawn from `seed`, one at each call of
    /// `next`. What it has drawn so far lives in memory.
    /// @param lengths The pool's lengths, those of other regions cleared.
    /// @param total How many members the masked regions have.
    /// @param taken How many were drawn.
    /// @param swaps What was moved: `position << 128 | what stands there now`.
    struct Draw {
        uint256 lengths;
        uint256 seed;
        uint256 total;
        uint256 taken;
        uint256[MAX_READS] swaps;
    }

    /// @notice Starts a draw.
    function startDraw(Pool storage pool, uint256 regionMask, uint256 seed) internal view returns (Draw memory draw) {
        uint256 lengths = pool.lengths;
        draw.seed = seed;
        unchecked {
            for (uint256 shift = 0; regionMask != 0; (regionMask >>= 1, shift += LENGTH_BITS)) {
                if ((regionMask & 1) == 0) continue;
                uint256 members = lengths & (LENGTH_MASK << shift);
                draw.lengths |= members;
                draw.total += members >> shift;
            }
        }
    }

    /// @notice Whether another candidate can be drawn.
    function hasNext(Draw memory draw) internal pure returns (bool) {
        return draw.taken < MAX_READS && draw.taken < draw.total;
    }

    /// @notice The next candidate.
    /// @dev A Fisher-Yates shuffle of the positions 0 to total - 1 that keeps only the positions it has touched: step
    /// t swaps position t with a random one of t to total - 1. The bias of the modulo is below 2^-220.
    function next(Draw memory draw, Pool storage pool) internal view returns (uint256 nodeId) {
        unchecked {
            uint256 step = draw.taken++;
            uint256 random = uint256(keccak256(abi.encode(draw.seed, step)));
            uint256 position = step + (random % (draw.total - step));

            uint256 drawn = _valueAt(draw, position, step);
            draw.swaps[step] = (position << 128) | _valueAt(draw, step, step);
            return _memberAt(pool, draw.lengths, drawn);
        }
    }

    /// What stands at `position` after `steps` swaps: what was moved there last, else itself.
    function _valueAt(Draw memory draw, uint256 position, uint256 steps) private pure returns (uint256) {
        unchecked {
            while (steps != 0) {
                uint256 swap = draw.swaps[--steps];
                if ((swap >> 128) == position) return uint128(swap);
            }
            return position;
        }
    }

    /// The node at `position` of the regions laid end to end.
    function _memberAt(Pool storage pool, uint256 lengths, uint256 position) private view returns (uint256) {
        unchecked {
            uint256 region = 0;
            for (uint256 members; position >= (members = lengths & LENGTH_MASK); region++) {
                position -= members;
                lengths >>= LENGTH_BITS;
            }
            return nodeAt(pool, region, position);
        }
    }

    function _write(Pool storage pool, uint256 region, uint256 index, uint256 nodeId) private {
        uint256 wordIndex = _wordIndex(region, index);
        uint256 shift = _shift(index);
        pool.words[wordIndex] = (pool.words[wordIndex] & ~(uint256(type(uint32).max) << shift)) | (nodeId << shift);
    }

    function _length(uint256 lengths, uint256 region) private pure returns (uint256) {
        return (lengths >> (LENGTH_BITS * region)) & LENGTH_MASK;
    }

    function _wordIndex(uint256 region, uint256 index) private pure returns (uint256) {
        return (region << 32) | (index / 8);
    }

    function _shift(uint256 index) private pure returns (uint256) {
        return 32 * (index % 8);
    }
}
