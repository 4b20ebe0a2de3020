/** What the kernel hands to a filter. */
export interface Call {
  readonly arch: number;
  readonly number: number;
  readonly args?: readonly number[];
}

/** Runs a classic BPF program as the kernel does: the instructions that `seccompFilter` uses. Gives the verdict. */
export function runFilter(program: Uint8Array, { arch, number, args = [] }: Call): number {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, number, true);
  data.setUint32(4, arch, true);
  for (const [index, arg] of args.entries())
    data.setBigUint64(16 + 8 * index, BigInt.asUintN(64, BigInt(arg)), true);
  const code = new DataView(program.buffer, program.byteOffset, program.byteLength);
  let accumulator = 0;
  for (let at = 0; at < program.byteLength / 8; at += 1) {
    const k = code.getUint32(at * 8 + 4, true);
    const jump = (holds: boolean) => {
      at += code.getUint8(at * 8 + (holds ? 2 : 3));
    };
    const operation = code.getUint16(at * 8, true);
    if (operation === 0x20) accumulator = data.getUint32(k, true);
    else if (operation === 0x54) accumulator = (accumulator & k) >>> 0;
    else if (operation === 0x15) jump(accumulator === k);
    else if (operation === 0x35) jump(accumulator >= k);
    else if (operation === 0x45) jump((accumulator & k) !== 0);
    else if (operation === 0x06) return k;
    else throw new Error(`no instruction of ours: 0x${operation.toString(16)}`);
  }
  throw new Error("the program runs over its end");
}
