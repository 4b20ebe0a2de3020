import { type Abi, type Address, type Hex, toFunctionSelector } from "viem";
import { ADMIN_ROLE, GUARDIAN_ROLE, PARAMETERS_ROLE } from "../../ignition/roles.ts";
import type { Change, Member, RoleState, Roles, TargetState } from "./declaredRoles.ts";
import { type Row, row } from "./row.ts";

/** A role that nobody ever touched. */
const UNUSED: RoleState = { members: [], admin: ADMIN_ROLE, guardian: ADMIN_ROLE, grantDelay: 0 };
const UNTOUCHED: TargetState = { closed: false, adminDelay: 0, functions: new Map() };

const ROLE_NAMES: ReadonlyMap<bigint, string> = new Map([
  [ADMIN_ROLE, "admin"],
  [PARAMETERS_ROLE, "parameters"],
  [GUARDIAN_ROLE, "guardian"],
  [2n ** 64n - 1n, "everyone"],
]);

export interface CompareRolesParameters {
  readonly declared: Roles;
  readonly found: Roles;
  /** Who deployed and had to give everything up; undefined where the chain does not tell. */
  readonly deployer: Address | undefined;
  /** To name contracts and functions. */
  readonly contracts: readonly { readonly name: string; readonly address: Address; readonly abi: Abi }[];
}

/**
 * Compares every role, and what every contract asks for its restricted functions. Roles, contracts and functions that
 * are declared and those that are found each have their row, so that nothing is left over on either side.
 */
export function compareRoles({ declared, found, deployer, contracts }: CompareRolesParameters): Row[] {
  const roleIds = [...new Set([...declared.roles.keys(), ...found.roles.keys()])];
  const targets = [...new Set([...declared.targets.keys(), ...found.targets.keys()])];
  return [
    ...roleIds.flatMap((id) =>
      compareRole(roleName(id), declared.roles.get(id) ?? UNUSED, found.roles.get(id) ?? UNUSED),
    ),
    row("roles of the deploying account", "none", deployer === undefined ? "unknown" : held(found, deployer)),
    ...targets.flatMap((address) => {
      const contract = contracts.find((candidate) => candidate.address === address);
      const states = [declared, found].map((side) => side.targets.get(address) ?? UNTOUCHED);
      const [wanted = UNTOUCHED, is = UNTOUCHED] = states;
      return compareTarget(contract?.name ?? address, contract?.abi ?? [], wanted, is);
    }),
  ];
}

function compareRole(name: string, declared: RoleState, found: RoleState): Row[] {
  const what = `role ${name}`;
  return [
    row(`${what}: members`, membersText(declared.members), membersText(found.members)),
    row(`${what}: granted by`, roleName(declared.admin), roleName(found.admin)),
    row(`${what}: cancelled by`, roleName(declared.guardian), roleName(found.guardian)),
    compareGrantDelay(`${what}: delay of a grant`, declared, found),
  ];
}

/** A delay that is set counts after five days only, so that on a young deployment the declared one is still to come. */
function compareGrantDelay(what: string, declared: RoleState, found: RoleState): Row {
  const text = (state: RoleState) => delayText(state.grantDelay, state.nextGrantDelay);
  const isToCome = found.nextGrantDelay?.delay === declared.grantDelay;
  return { ...row(what, text(declared), text(found)), ...(isToCome ? { ok: true } : {}) };
}

function compareTarget(name: string, abi: Abi, declared: TargetState, found: TargetState): Row[] {
  const selectors = [...new Set([...declared.functions.keys(), ...found.functions.keys()])];
  const role = (state: TargetState, selector: Hex) => roleName(state.functions.get(selector) ?? ADMIN_ROLE);
  return [
    row(`restrictions of ${name}`, targetText(declared), targetText(found)),
    ...selectors.map((selector) =>
      row(
        `who may call ${name}.${functionName(abi, selector)}`,
        role(declared, selector),
        role(found, selector),
      ),
    ),
  ];
}

function targetText({ closed, adminDelay, nextAdminDelay }: TargetState): string {
  return `${closed ? "closed" : "open"}, changed ${delayText(adminDelay, nextAdminDelay)}`;
}

function membersText(members: readonly Member[]): string {
  const texts = members.map(({ account, delay, since, nextDelay }) => {
    const from = since === undefined ? "" : ` from ${timeText(since)} on`;
    return `${account} ${delayText(delay, nextDelay)}${from}`;
  });
  return texts.length === 0 ? "nobody" : texts.sort().join(", ");
}

function delayText(delay: number, next: Change | undefined): string {
  const now = delay === 0 ? "at once" : `after ${delay} s`;
  return next === undefined
    ? now
    : `${now}, from ${timeText(next.from)} on ${delayText(next.delay, undefined)}`;
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function held({ roles }: Roles, account: Address): string {
  const names = [...roles]
    .filter(([, { members }]) => members.some((member) => member.account === account))
    .map(([id]) => roleName(id));
  return names.length === 0 ? "none" : names.join(", ");
}

function roleName(id: bigint): string {
  return ROLE_NAMES.get(id) ?? String(id);
}

function functionName(abi: Abi, selector: Hex): string {
  const item = abi.find((entry) => entry.type === "function" && toFunctionSelector(entry) === selector);
  return item?.type === "function" ? `${item.name}()` : selector;
}
