// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILens} from "./interfaces/ILens.sol";
import {INameRegistry} from "./interfaces/INameRegistry.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "./interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "./interfaces/IUsageSettlement.sol";
import {Cid} from "./libraries/Cid.sol";
import {Receipt, Receipts} from "./libraries/Receipts.sol";
import {Terms, TermsLib} from "./types/Terms.sol";

/// @title Lens: what people want to read, put together from what the contracts keep
/// @dev Without state and without rights: another lens can take its place at any time.
contract Lens is ILens {
    using Receipts for bytes;

    IUsageSettlement private immutable SETTLEMENT;
    IProjectRegistry private immutable PROJECTS;
    INodeRegistry private immutable NODES;
    INameRegistry private immutable NAMES;

    /// @param settlement_ The settlement, which names the other contracts of its network.
    constructor(IUsageSettlement settlement_) {
        SETTLEMENT = settlement_;
        PROJECTS = settlement_.projectRegistry();
        NODES = settlement_.nodeRegistry();
        NAMES = PROJECTS.nameRegistry();
    }

    // Projects

    /// @inheritdoc ILens
    function projectOf(uint64 projectId) public view returns (Project memory project) {
        IProjectRegistry.Record memory record = PROJECTS.recordOf(projectId);
        return
            Project({
                owner: record.head.owner(),
                pendingOwner: record.pendingOwner,
                meter: record.meter,
                versions: record.head.versions(),
                active: record.head.active(),
                splitVersion: record.splitVersion,
                splitBps: record.splitBps,
                domains: record.head.domains(),
                closedFrom: record.closedFrom,
                nodeIds: record.terms.nodeIds(),
                cap: uint40(record.terms.cap()),
                fromEpoch: uint32(record.terms.fromEpoch()),
                seats: uint8(record.head.refill().seats()),
                regionMask: uint16(record.head.refill().regionMask()),
                pinHome: record.head.refill().pinHome(),
                refillIsChosen: record.head.refill().isChosen()
            });
    }

    /// @inheritdoc ILens
    function versionOf(uint64 projectId, uint32 version) public view returns (bytes32 digest, string memory cid) {
        digest = PROJECTS.digestOf(projectId, version);
        cid = Cid.text(digest);
    }

    /// @inheritdoc ILens
    function contenthashOf(uint64 projectId) public view returns (bytes memory hash) {
        uint32 active = PROJECTS.recordOf(projectId).head.active();
        return Cid.contenthash(PROJECTS.digestOf(projectId, active));
    }

    // Names

    /// @inheritdoc ILens
    function resolve(string calldata domain) external view returns (Resolution memory resolution) {
        return _resolve(NAMES.holderOf(domain));
    }

    /// @inheritdoc ILens
    function resolveAt(string calldata domain, uint64 projectId) external view returns (Resolution memory resolution) {
        if (!NAMES.holds(projectId, domain)) revert INameRegistry.DomainNotClaimed(projectId, domain);
        return _resolve(projectId);
    }

    /// @inheritdoc ILens
    function contenthash(string calldata domain) external view returns (bytes memory hash) {
        return contenthashOf(NAMES.holderOf(domain));
    }

    /// @inheritdoc ILens
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
        )
    {
        return NAMES.standingOf(domain);
    }

    /// @inheritdoc ILens
    function domainsOf(
        uint64 projectId,
        string[] calldata candidates
    ) external view returns (uint8 count, bool[] memory held) {
        count = PROJECTS.recordOf(projectId).head.domains();
        held = new bool[](candidates.length);
        for (uint256 i = 0; i < candidates.length; i++) {
            held[i] = NAMES.holds(projectId, candidates[i]);
        }
    }

    // Receipts

    /// @inheritdoc ILens
    function linesOf(bytes calldata lines) external pure returns (Line[] memory read) {
        read = new Line[](lines.length / Receipts.LINE_BYTES);
        for (uint256 i = 0; i < read.length; i++) {
            read[i] = _lineAt(lines, i);
        }
    }

    /// @inheritdoc ILens
    function findLine(
        bytes calldata lines,
        uint64 projectId
    ) external view returns (uint256 index, Line memory line, uint64 bond) {
        uint256 length = lines.length / Receipts.LINE_BYTES;
        for (index = 0; index < length; index++) {
            line = _lineAt(lines, index);
            if (line.projectId == projectId) {
                return (index, line, uint64(Math.max(SETTLEMENT.parameters().minBond, line.amount)));
            }
        }
        revert NoLineOf(projectId);
    }

    // Nodes

    /// @inheritdoc ILens
    function exposureOf(uint32 nodeId) external view returns (uint256 current, uint256 next) {
        return exposureIn(nodeId, 1, PROJECTS.projectCount());
    }

    /// @inheritdoc ILens
    function exposureIn(
        uint32 nodeId,
        uint64 firstProject,
        uint64 lastProject
    ) public view returns (uint256 current, uint256 next) {
        uint32 epoch = PROJECTS.currentEpoch();
        uint64[] memory projectIds = new uint64[](lastProject < firstProject ? 0 : lastProject - firstProject + 1);
        for (uint256 i = 0; i < projectIds.length; i++) {
            projectIds[i] = firstProject + uint64(i);
        }
        return (_capsOf(nodeId, projectIds, epoch), _capsOf(nodeId, projectIds, epoch + 1));
    }

    // The network

    /// @inheritdoc ILens
    function settlement() external view returns (IUsageSettlement) {
        return SETTLEMENT;
    }

    // Internals

    function _resolve(uint64 projectId) private view returns (Resolution memory resolution) {
        Project memory project = projectOf(projectId);
        resolution.projectId = projectId;
        resolution.owner = project.owner;
        resolution.version = project.active;
        if (project.active != 0) (, resolution.cid) = versionOf(projectId, project.active);
        resolution.nodeIds = project.nodeIds;
        resolution.endpoints = NODES.endpointsOf(project.nodeIds);
    }

    function _lineAt(bytes calldata lines, uint256 index) private pure returns (Line memory line) {
        (Receipt receipt, uint64 amount) = lines.lineAt(index);
        return
            Line({
                projectId: receipt.projectId(),
                requests: uint64(receipt.requests()),
                cpuMs: uint64(receipt.cpuMs()),
                egressKiB: uint64(receipt.egressKiB()),
                storedMiB: uint64(receipt.storedMiB()),
                amount: amount
            });
    }

    function _capsOf(uint32 nodeId, uint64[] memory projectIds, uint32 epoch) private view returns (uint256 sum) {
        uint256[] memory words = PROJECTS.termsWords(projectIds, epoch);
        for (uint256 i = 0; i < words.length; i++) {
            Terms terms = Terms.wrap(words[i]);
            if (terms.seatOf(nodeId) < TermsLib.SEATS) sum += terms.cap();
        }
    }
}
