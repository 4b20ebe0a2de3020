// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {INameRegistry} from "./INameRegistry.sol";
import {IUsageSettlement} from "./IUsageSettlement.sol";

/// @title Lens: what people want to read, put together from what the contracts keep
/// @notice Only views. A network may put another lens in its place at any time.
interface ILens {
    /// @notice A project as it stands.
    /// @param owner Decides everything; may withdraw the credit.
    /// @param pendingOwner May accept the project; zero when nobody may.
    /// @param meter A key whose signature releases receipts early; zero for none.
    /// @param versions How many there are: versions are 1 to this.
    /// @param active The version that is served; 0 before the first is live.
    /// @param splitVersion A second version that is served to `splitBps` of the visitors; 0 for none.
    /// @param splitBps In 1/10000.
    /// @param domains How many domains it has claimed.
    /// @param closedFrom The first epoch in which it has no seats any more; 0 while it is open.
    /// @param nodeIds The nodes in the order of their seats, by the newest terms; 0 is an empty seat.
    /// @param cap What one seat may charge in one epoch, by the newest terms.
    /// @param fromEpoch The first epoch judged by the newest terms.
    /// @param seats How many seats `refill` fills up to.
    /// @param regionMask Where `refill` draws from.
    /// @param pinHome Whether `refill` leaves seat 0 alone.
    /// @param refillIsChosen Whether the owner set the rule since the seats were last drawn.
    struct Project {
        address owner;
        address pendingOwner;
        address meter;
        uint32 versions;
        uint32 active;
        uint32 splitVersion;
        uint16 splitBps;
        uint8 domains;
        uint32 closedFrom;
        uint32[] nodeIds;
        uint40 cap;
        uint32 fromEpoch;
        uint8 seats;
        uint16 regionMask;
        bool pinHome;
        bool refillIsChosen;
    }

    /// @notice What is served at a domain.
    /// @param projectId The project that holds it.
    /// @param owner Who owns that.
    /// @param version The active version; 0 before the first.
    /// @param cid What it names; empty before the first.
    /// @param nodeIds The nodes in the order of their seats, by the newest terms; 0 for an empty one.
    /// @param endpoints Where those nodes answer.
    struct Resolution {
        uint64 projectId;
        address owner;
        uint32 version;
        string cid;
        uint32[] nodeIds;
        string[] endpoints;
    }

    /// @notice A counted receipt: what was used, and the amount it was charged in base units.
    struct Line {
        uint64 projectId;
        uint64 requests;
        uint64 cpuMs;
        uint64 egressKiB;
        uint64 storedMiB;
        uint64 amount;
    }

    /// @notice These lines hold no receipt of the project.
    error NoLineOf(uint64 projectId);

    /// @notice The project as it stands; reverts when there is none.
    /// @param projectId The project.
    /// @return project Its owner, versions, terms and rules.
    function projectOf(uint64 projectId) external view returns (Project memory project);

    /// @notice The content of a version: the digest in its CID, and the CID.
    /// @param projectId The project.
    /// @param version 1 to the newest.
    /// @return digest What `activate` asks for.
    /// @return cid 59 characters, `bafybei...`.
    function versionOf(uint64 projectId, uint32 version) external view returns (bytes32 digest, string memory cid);

    /// @notice The EIP-1577 contenthash of a project's active version.
    function contenthashOf(uint64 projectId) external view returns (bytes memory hash);

    /// @notice What is served at a name of the zone. Reverts `ProveByTxt` for other domains.
    /// @param domain `name.zone`.
    /// @return resolution Project, version and nodes.
    function resolve(string calldata domain) external view returns (Resolution memory resolution);

    /// @notice What a project serves at a domain that it claimed; whether the domain is its own, the DNS says.
    /// @param domain A name of the zone, or a domain outside it.
    /// @param projectId The project.
    /// @return resolution Project, version and nodes.
    function resolveAt(string calldata domain, uint64 projectId) external view returns (Resolution memory resolution);

    /// @notice The EIP-1577 contenthash of what is served at a name of the zone: paste it into an ENS resolver.
    function contenthash(string calldata domain) external view returns (bytes memory hash);

    /// @notice How a name of the zone stands: whether it is free, and if not whose it is and until when.
    /// @param domain `name.zone`.
    /// @return standing Whether it is free, held, resting or kept.
    /// @return owner Who holds it, or may claim it before others; zero when it is free.
    /// @return projectId The project that holds it or held it last; 0 for none.
    /// @return lastEpoch Until when it rests or is kept; 0 when it does not.
    /// @return noticedAt The epoch in which its lapse was noticed; 0 when it was not.
    function nameOf(
        string calldata domain
    )
        external
        view
        returns (
            INameRegistry.NameStanding standing,
            address owner,
            uint64 projectId,
            uint32 lastEpoch,
            uint32 noticedAt
        );

    /// @notice How many domains a project holds, and which of `candidates` are among them. The chain keeps hashes of domains,
    /// not a list of them: their texts are in the events `DomainClaimed`.
    /// @param projectId The project.
    /// @param candidates Domains to ask for.
    /// @return count How many it holds.
    /// @return held Whether it holds each of the candidates.
    function domainsOf(
        uint64 projectId,
        string[] calldata candidates
    ) external view returns (uint8 count, bool[] memory held);

    /// @notice The lines of a batch, as `BatchCounted` has them, in words.
    /// @param lines 40 bytes each.
    /// @return read A line each.
    function linesOf(bytes calldata lines) external pure returns (Line[] memory read);

    /// @notice What `release` and `dispute` ask for: where a project's receipt stands in a batch, and the bond of a dispute.
    /// @param lines All lines of the batch, as `BatchCounted` has them.
    /// @param projectId The project.
    /// @return index Which line.
    /// @return line The line.
    /// @return bond What a dispute takes, in base units.
    function findLine(
        bytes calldata lines,
        uint64 projectId
    ) external view returns (uint256 index, Line memory line, uint64 bond);

    /// @notice What a node may charge in all in this epoch and the next: the sum of the caps of its seats, which its stake
    /// stands for. Reads every project, so on a large network ask in parts.
    /// @param nodeId The node.
    /// @return current In base units.
    /// @return next In base units.
    function exposureOf(uint32 nodeId) external view returns (uint256 current, uint256 next);

    /// @notice `exposureOf` for the projects from `firstProject` to `lastProject`.
    function exposureIn(
        uint32 nodeId,
        uint64 firstProject,
        uint64 lastProject
    ) external view returns (uint256 current, uint256 next);

    /// @notice The settlement of the network that this lens reads.
    function settlement() external view returns (IUsageSettlement);
}
