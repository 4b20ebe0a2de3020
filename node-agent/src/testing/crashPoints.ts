import { custom, http, type Transport } from "viem";

/** Places at which a program may die. From the one on that was chosen, nothing it does reaches anything. */
export interface CrashPoints {
  readonly crashed: () => boolean;
  /** How many places were passed. */
  readonly passed: () => number;
  /** A transport that may die before a request arrives and before its answer does. */
  transport(rpcUrl: string): Transport;
  /** The same object, of which every method may die before and after its work. */
  guard<target extends object>(target: target): target;
}

/** Dies at the `n`th place, counted from 1. */
export function crashPoints(n: number): CrashPoints {
  let passed = 0;
  const point = (): void => {
    passed += 1;
    if (passed >= n) throw new Error("crashed");
  };
  return {
    crashed: () => passed >= n,
    passed: () => passed,
    transport(rpcUrl) {
      const chain = http(rpcUrl, { retryCount: 0 })({});
      return custom(
        {
          async request(args) {
            point();
            const answer = await chain.request(args);
            point();
            return answer;
          },
        },
        { retryCount: 0 },
      );
    },
    guard: (target) =>
      new Proxy(target, {
        get(of, name) {
          const value: unknown = Reflect.get(of, name);
          if (typeof value !== "function") return value;
          return (...args: unknown[]) => {
            point();
            const result: unknown = value.apply(of, args);
            point();
            return result;
          };
        },
      }),
  };
}
