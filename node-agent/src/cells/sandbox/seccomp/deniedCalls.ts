/** Numbers of a system call on x86-64 and on aarch64; null where the architecture does not have it. */
export type CallNumbers = readonly [x64: number, arm64: number | null];

/**
 * What cells are denied (EPERM). workerd needs none of it, and almost each was the way of a past escape or opens kernel
 * code that few programs exercise. A list of what is allowed would be shorter for an attacker, but V8, glibc and
 * workerd take up new calls with each release, and one that is missing shows as a cell that dies at an odd moment;
 * instead what is newer than this list does not exist in the sandbox (see `LAST_KNOWN_CALL`).
 *
 * `execve` cannot be denied: the filter is installed before the program starts. So `memfd_create` and `execveat` are,
 * and in the sandbox there is nothing to execute but workerd and the system's libraries.
 *
 * Source of the numbers: the kernel's `syscall_64.tbl` and `asm-generic/unistd.h`.
 */
export const DENIED_CALLS = {
  // other processes
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  process_mrelease: [448, 448],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  // mounts, namespaces, files by handle instead of by path
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  unshare: [272, 97],
  setns: [308, 268],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  fanotify_init: [300, 262],
  mknod: [133, null],
  mknodat: [259, 33],
  // the kernel and the machine
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  create_module: [174, null],
  query_module: [178, null],
  get_kernel_syms: [177, null],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  syslog: [103, 116],
  vhangup: [153, 58],
  iopl: [172, null],
  ioperm: [173, null],
  modify_ldt: [154, null],
  uselib: [134, null],
  ustat: [136, null],
  sysfs: [139, null],
  _sysctl: [156, null],
  nfsservctl: [180, 42],
  lookup_dcookie: [212, 18],
  personality: [135, 92],
  // subsystems with a history
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  // keys belong to the uid, which cells share
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // placement on memory nodes, which are the machine's
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  get_mempolicy: [239, 236],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  set_mempolicy_home_node: [450, 450],
  // programs that are in no file
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  execveat: [322, 281],
} as const satisfies Readonly<Record<string, CallNumbers>>;

/** Calls whose arguments decide. */
export const INSPECTED_CALLS = {
  clone: [56, 220],
  clone3: [435, 435],
  socket: [41, 198],
  ioctl: [16, 29],
} as const satisfies Readonly<Record<string, CallNumbers>>;

/** `futex_requeue` of Linux 6.7. What is newer fails as on an older kernel (ENOSYS), which programs are made for. */
export const LAST_KNOWN_CALL = 456;
