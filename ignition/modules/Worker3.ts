import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { toFunctionSelector, zeroAddress } from "viem";
import { type Artifacts, contractAt, contractOf } from "../artifacts.ts";
import { ADMIN_ROLE, GUARDIAN_ROLE, PARAMETERS_ROLE, RESTRICTED } from "../roles.ts";

/**
 * Deploys the network, binds its parts to each other and hands every role over: the deployer keeps none.
 *
 * - `admin` changes parameters, each change waiting `parameterDelaySeconds`, and roles, each waiting
 *   `adminDelaySeconds`.
 * - `guardian` pauses what is new for one epoch and suspends decisions, at once, and may cancel a change of parameters
 *   while it waits.
 *
 * `asset` names an ERC-20 with exactly 6 decimals. Amounts are its base units; spans without a unit in their name are
 * epochs. `admin` must not be the deploying account, which gives up its roles at the end.
 *
 * @param artifacts - The code of the contracts; Hardhat's build where there are none.
 */
export const worker3Module = (artifacts?: Artifacts) =>
  buildModule("Worker3", (m) => {
    const contract = contractOf(m, artifacts);
    const admin = m.getParameter("admin");
    const guardian = m.getParameter("guardian");
    const deployer = m.getAccount(0);

    const asset = m.getParameter("asset");
    const accessManager = contract("AccessManager", [deployer]);
    const nodeRegistry = contract("NodeRegistry", [
      accessManager,
      asset,
      m.getParameter("times"),
      m.getParameter("minStake"),
      m.getParameter("seatStakeFactor"),
      m.getParameter("maxSlashShareBps"),
      m.getParameter("allowHttp", false),
    ]);
    const projectRegistry = contract("ProjectRegistry", [
      accessManager,
      nodeRegistry,
      {
        zone: m.getParameter("zone"),
        nameKeeper: m.getParameter("nameKeeper"),
        predecessor: m.getParameter("predecessor", zeroAddress),
        keptEpochs: m.getParameter("keptEpochs", 0),
      },
      m.getParameter("defaultCap"),
      m.getParameter("maxCap"),
    ]);
    // The project registry makes the registry of names, so that neither can be had without the other.
    const nameRegistry = contractAt(m, artifacts)(
      "NameRegistry",
      m.staticCall(projectRegistry, "nameRegistry"),
    );
    const creditEscrow = contract("CreditEscrow", [
      accessManager,
      asset,
      projectRegistry,
      m.getParameter("feeReceiver"),
    ]);
    const usageSettlement = contract("UsageSettlement", [
      accessManager,
      nodeRegistry,
      projectRegistry,
      creditEscrow,
      m.getParameter("prices"),
      {
        minBond: m.getParameter("minBond"),
        maxSlash: m.getParameter("maxSlash"),
        slashFloor: m.getParameter("slashFloor"),
        slashFactor: m.getParameter("slashFactor"),
        rewardFactor: m.getParameter("rewardFactor"),
        arbiter: m.getParameter("arbiter"),
      },
    ]);
    const lens = contract("Lens", [usageSettlement]);

    const contracts = {
      NodeRegistry: nodeRegistry,
      ProjectRegistry: projectRegistry,
      CreditEscrow: creditEscrow,
      UsageSettlement: usageSettlement,
    };
    const bound = [nodeRegistry, projectRegistry, creditEscrow].map((contract) =>
      m.call(contract, "bind", [usageSettlement]),
    );

    const restricted = Object.entries(RESTRICTED).flatMap(([name, { parameters, guardian: pauses }]) =>
      (
        [
          ["parameters", PARAMETERS_ROLE, parameters],
          ["guardian", GUARDIAN_ROLE, pauses],
        ] as const
      )
        .filter(([, , functions]) => functions.length > 0)
        .map(([role, roleId, functions]) =>
          m.call(
            accessManager,
            "setTargetFunctionRole",
            [
              contracts[name as keyof typeof contracts],
              functions.map((text) => toFunctionSelector(text)),
              roleId,
            ],
            { id: `${name}_${role}` },
          ),
        ),
    );

    const granted = [
      m.call(accessManager, "setRoleGuardian", [PARAMETERS_ROLE, GUARDIAN_ROLE]),
      m.call(accessManager, "grantRole", [PARAMETERS_ROLE, admin, m.getParameter("parameterDelaySeconds")], {
        id: "grant_parameters",
      }),
      m.call(accessManager, "grantRole", [GUARDIAN_ROLE, guardian, 0n], { id: "grant_guardian" }),
      m.call(accessManager, "grantRole", [ADMIN_ROLE, admin, m.getParameter("adminDelaySeconds")], {
        id: "grant_admin",
      }),
    ];
    // Whoever is granted a role later waits as long as a change by that role does, so that a grant is no way around it.
    const waits = [
      m.call(accessManager, "setGrantDelay", [PARAMETERS_ROLE, m.getParameter("parameterDelaySeconds")], {
        id: "delay_parameters",
        after: granted,
      }),
      m.call(accessManager, "setGrantDelay", [ADMIN_ROLE, m.getParameter("adminDelaySeconds")], {
        id: "delay_admin",
        after: granted,
      }),
    ];
    m.call(accessManager, "renounceRole", [ADMIN_ROLE, deployer], {
      after: [...bound, ...restricted, ...granted, ...waits],
    });

    return {
      accessManager,
      nodeRegistry,
      projectRegistry,
      nameRegistry,
      creditEscrow,
      usageSettlement,
      lens,
    };
  });
