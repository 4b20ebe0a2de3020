import assert from "node:assert/strict";
import {
  type Abi,
  type AbiParameter,
  bytesToHex,
  concatHex,
  decodeAbiParameters,
  encodeAbiParameters,
  type Hex,
  hexToBytes,
  sliceHex,
  toFunctionSelector,
} from "viem";
import { connection, viem } from "./network.ts";

/** What a call gave back, or why it was refused; an empty name where the chain gave no reason. */
export type Outcome = { returned: unknown } | { error: string; args: unknown[] };

/** Texts in these tests have one character a byte, so that they can hold bytes that are no UTF-8. */
const toBytes = (text: string): Hex =>
  bytesToHex(Uint8Array.from(text, (character) => character.charCodeAt(0)));
const fromBytes = (bytes: Hex): string => String.fromCharCode(...hexToBytes(bytes));

const asBytes = (parameters: readonly AbiParameter[]): AbiParameter[] =>
  parameters.map((parameter) => (parameter.type === "string" ? { ...parameter, type: "bytes" } : parameter));

/** Deploys the libraries; the function that comes back calls one of theirs by name. */
export async function deployLibraries() {
  const { address, abi } = await viem.deployContract("Libraries");
  const functions = new Map(
    (abi as Abi).flatMap((item) => (item.type === "function" ? [[item.name, item]] : [])),
  );
  const errors = new Map(
    (abi as Abi).flatMap((item) =>
      item.type === "error"
        ? [[toFunctionSelector({ ...item, type: "function", outputs: [], stateMutability: "view" }), item]]
        : [],
    ),
  );

  return async (name: string, ...args: unknown[]): Promise<Outcome> => {
    const called = functions.get(name);
    assert.ok(called, `the mock has no ${name}`);
    const values = args.map((arg, i) => (called.inputs[i]?.type === "string" ? toBytes(String(arg)) : arg));
    const data = concatHex([toFunctionSelector(called), encodeAbiParameters(asBytes(called.inputs), values)]);
    try {
      const returned = await connection.provider.request({
        method: "eth_call",
        params: [{ to: address, data }, "latest"],
      });
      const decoded = decode(called.outputs, returned as Hex);
      return { returned: decoded.length > 1 ? decoded : decoded[0] };
    } catch (error) {
      if (!isRevert(error)) throw error;
      const thrown = errors.get(sliceHex(error.data, 0, 4));
      return thrown === undefined
        ? { error: "", args: [] }
        : { error: thrown.name, args: decode(thrown.inputs, sliceHex(error.data, 4)) };
    }
  };
}

export type CallLibrary = Awaited<ReturnType<typeof deployLibraries>>;

function decode(parameters: readonly AbiParameter[], data: Hex): unknown[] {
  if (parameters.length === 0) return [];
  const values: readonly unknown[] = decodeAbiParameters(asBytes(parameters), data);
  return values.map((value, i) => (parameters[i]?.type === "string" ? fromBytes(value as Hex) : value));
}

const isRevert = (error: unknown): error is { data: Hex } =>
  typeof error === "object" && error !== null && "data" in error && typeof error.data === "string";
