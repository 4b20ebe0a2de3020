import { DENIED_CALLS, INSPECTED_CALLS, LAST_KNOWN_CALL } from "./deniedCalls.ts";

export type Architecture = "x64" | "arm64";

/** `AUDIT_ARCH_X86_64`, `AUDIT_ARCH_AARCH64` */
const AUDIT_ARCH = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
/** From here on x86-64 kernels read numbers in the x32 way. */
const X32_BIT = 0x40000000;

const KILL_PROCESS = 0x80000000;
const ALLOW = 0x7fff0000;
const ERRNO = 0x00050000;
const EPERM = 1;
const ENOSYS = 38;

// Offsets in `struct seccomp_data`. Of 64-bit arguments the lower half is read, first in memory on both architectures:
// the kernel itself takes the arguments below as 32-bit integers (flags of clone fit into it).
const NUMBER = 0;
const ARCH = 4;
const argument = (index: number) => 16 + 8 * index;

// Classic BPF: class, size, mode, operation.
const LOAD = 0x20;
const AND = 0x54;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;

/** The flags of `clone` that make namespaces: NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const CLONE_NEW = 0x7e020000;
const [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK] = [1, 2, 10, 16];
const [SOCK_STREAM, SOCK_DGRAM] = [1, 2];
const SOCK_TYPE_MASK = 0xf;
const [IPPROTO_DEFAULT, IPPROTO_TCP, IPPROTO_UDP] = [0, 6, 17];
const NETLINK_ROUTE = 0;
/** Put characters into a terminal's input, which the agent's shell would read. */
const [TIOCSTI, TIOCLINUX] = [0x5412, 0x541c];

interface Instruction {
  readonly code: number;
  readonly k: number;
  /** How many instructions to skip where the comparison holds, and where not. */
  readonly yes?: number;
  readonly no?: number;
}

/**
 * The seccomp program that cells run under, as `bwrap --seccomp` takes it: `struct sock_filter`s in the byte order of
 * both architectures. Pure.
 *
 * Calls of another architecture (which have other numbers) and of x32 kill the process.
 */
export function seccompFilter(architecture: Architecture): Uint8Array {
  const column = architecture === "x64" ? 0 : 1;
  const deny = fail(EPERM);
  const denied = Object.values(DENIED_CALLS).flatMap(({ [column]: number }) =>
    number === null ? [] : whereEqual(number, [deny]),
  );
  return assemble([
    load(ARCH),
    { code: JUMP_EQUAL, k: AUDIT_ARCH[architecture], yes: 1, no: 0 },
    { code: RETURN, k: KILL_PROCESS },
    load(NUMBER),
    ...(architecture === "x64" ? whereAtLeast(X32_BIT, [{ code: RETURN, k: KILL_PROCESS }]) : []),
    ...whereAtLeast(LAST_KNOWN_CALL + 1, [fail(ENOSYS)]),
    ...denied,
    ...whereEqual(INSPECTED_CALLS.clone[column], [
      load(argument(0)),
      { code: JUMP_ANY_BIT, k: CLONE_NEW, yes: 0, no: 1 },
      deny,
      allow,
    ]),
    // Its flags are behind a pointer, which a filter cannot follow. glibc then uses `clone`.
    ...whereEqual(INSPECTED_CALLS.clone3[column], [fail(ENOSYS)]),
    ...whereEqual(INSPECTED_CALLS.socket[column], socket(deny)),
    ...whereEqual(INSPECTED_CALLS.ioctl[column], [
      load(argument(1)),
      ...whereEqual(TIOCSTI, [deny]),
      ...whereEqual(TIOCLINUX, [deny]),
      allow,
    ]),
    allow,
  ]);
}

/** Unix sockets; TCP and UDP; and routing netlink, of which the resolver reads what addresses there are. */
function socket(deny: Instruction): Instruction[] {
  const internet = [
    load(argument(1)),
    { code: AND, k: SOCK_TYPE_MASK },
    { code: JUMP_EQUAL, k: SOCK_STREAM, yes: 2, no: 0 },
    { code: JUMP_EQUAL, k: SOCK_DGRAM, yes: 1, no: 0 },
    deny,
    load(argument(2)),
    ...[IPPROTO_DEFAULT, IPPROTO_TCP, IPPROTO_UDP].flatMap((protocol) => whereEqual(protocol, [allow])),
    deny,
  ];
  return [
    load(argument(0)),
    ...whereEqual(AF_UNIX, [allow]),
    ...whereEqual(AF_INET, internet),
    ...whereEqual(AF_INET6, internet),
    ...whereEqual(AF_NETLINK, [load(argument(2)), ...whereEqual(NETLINK_ROUTE, [allow]), deny]),
    deny,
  ];
}

const allow: Instruction = { code: RETURN, k: ALLOW };

function load(offset: number): Instruction {
  return { code: LOAD, k: offset };
}

function fail(errno: number): Instruction {
  return { code: RETURN, k: ERRNO | errno };
}

/** `then` has to return: it may replace what was loaded. */
function whereEqual(value: number, then: readonly Instruction[]): Instruction[] {
  return [{ code: JUMP_EQUAL, k: value, yes: 0, no: then.length }, ...then];
}

function whereAtLeast(value: number, then: readonly Instruction[]): Instruction[] {
  return [{ code: JUMP_AT_LEAST, k: value, yes: 0, no: then.length }, ...then];
}

function assemble(program: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  for (const [index, { code, k, yes = 0, no = 0 }] of program.entries()) {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, yes);
    bytes.setUint8(index * 8 + 3, no);
    bytes.setUint32(index * 8 + 4, k, true);
  }
  return new Uint8Array(bytes.buffer);
}
