import assert from "node:assert/strict";
import { DENIED_CALLS } from "./deniedCalls.ts";
import { seccompFilter } from "./seccompFilter.ts";
import { runFilter } from "./testing/runFilter.ts";

const KILL = 0x80000000;
const ALLOW = 0x7fff0000;
const EPERM = 0x00050001;
const ENOSYS = 0x00050026;

/** Numbers of what workerd cannot do without. */
const NEEDED = {
  x64: {
    read: 0,
    write: 1,
    mmap: 9,
    futex: 202,
    epoll_wait: 232,
    execve: 59,
    accept4: 288,
    getrandom: 318,
    rseq: 334,
  },
  arm64: {
    read: 63,
    write: 64,
    mmap: 222,
    futex: 98,
    epoll_pwait: 22,
    execve: 221,
    accept4: 242,
    getrandom: 278,
  },
} as const;
const INSPECTED = {
  x64: { clone: 56, clone3: 435, socket: 41, ioctl: 16 },
  arm64: { clone: 220, clone3: 435, socket: 198, ioctl: 29 },
} as const;
const ARCH = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;

for (const [architecture, column] of [
  ["x64", 0],
  ["arm64", 1],
] as const) {
  describe(`the seccomp filter for ${architecture}`, () => {
    const filter = seccompFilter(architecture);
    const arch = ARCH[architecture];
    const verdict = (number: number, ...args: number[]) => runFilter(filter, { arch, number, args });
    const { clone, clone3, socket, ioctl } = INSPECTED[architecture];

    it("fits into what the kernel takes", () => {
      assert.ok(filter.byteLength / 8 <= 4096);
    });

    it("denies every call of its list and lets through what workerd lives on", () => {
      for (const [name, { [column]: number }] of Object.entries(DENIED_CALLS)) {
        if (number !== null) assert.equal(verdict(number), EPERM, name);
      }
      for (const [name, number] of Object.entries(NEEDED[architecture])) {
        assert.equal(verdict(number), ALLOW, name);
      }
    });

    it("kills what calls in the way of another architecture", () => {
      for (const other of [
        0x40000003 /* i386 */,
        0x40000028 /* arm */,
        arch === ARCH.x64 ? ARCH.arm64 : ARCH.x64,
      ]) {
        assert.equal(runFilter(filter, { arch: other, number: 1 }), KILL);
      }
      assert.equal(verdict(0x40000000), architecture === "x64" ? KILL : ENOSYS);
      assert.equal(verdict(0x40000000 + 101), architecture === "x64" ? KILL : ENOSYS);
    });

    it("has no call that is newer than itself", () => {
      assert.equal(verdict(456), ALLOW);
      for (const number of [457, 500, 0x3fffffff]) assert.equal(verdict(number), ENOSYS);
    });

    it("makes threads and processes, and no namespaces", () => {
      assert.equal(verdict(clone, 0x003d0f00 /* a thread of glibc */), ALLOW);
      assert.equal(verdict(clone, 17 /* SIGCHLD: fork */), ALLOW);
      for (const flag of [
        0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000,
      ]) {
        assert.equal(verdict(clone, flag | 17), EPERM);
      }
      assert.equal(verdict(clone3), ENOSYS);
    });

    it("opens sockets of unix, TCP and UDP, and the netlink that resolvers read; no others", () => {
      const stream = 1 | 0o2004000; // SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK
      for (const family of [2, 10]) {
        assert.equal(verdict(socket, family, stream, 0), ALLOW);
        assert.equal(verdict(socket, family, stream, 6), ALLOW);
        assert.equal(verdict(socket, family, 2, 17), ALLOW);
        assert.equal(verdict(socket, family, 3, 0), EPERM, "raw");
        assert.equal(verdict(socket, family, 2, 1), EPERM, "ICMP");
        assert.equal(verdict(socket, family, 1, 132), EPERM, "SCTP");
        assert.equal(verdict(socket, family, 1, 262), EPERM, "MPTCP");
      }
      assert.equal(verdict(socket, 1, stream, 0), ALLOW);
      assert.equal(verdict(socket, 16, 3, 0), ALLOW);
      for (const protocol of [4, 9, 12, 15, 16]) assert.equal(verdict(socket, 16, 3, protocol), EPERM);
      for (const family of [0, 3, 5, 17, 21, 29, 31, 38, 40, 44]) {
        assert.equal(verdict(socket, family, 1, 0), EPERM, `family ${family}`);
      }
    });

    it("is not misled by the upper half of an argument that the kernel does not read", () => {
      assert.equal(verdict(socket, 2 ** 32 + 17, 3, 0), EPERM);
      assert.equal(verdict(ioctl, 0, 2 ** 32 + 0x5412), EPERM);
      assert.equal(verdict(ioctl, 0, 0x541c), EPERM);
      assert.equal(verdict(ioctl, 0, 0x5413), ALLOW);
    });
  });
}
