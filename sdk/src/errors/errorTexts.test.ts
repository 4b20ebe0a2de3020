import assert from "node:assert/strict";
import { encodeErrorResult } from "viem";
import { errorsAbi } from "../abi/errors.ts";
import { placeholdersOf } from "./fillText.ts";
import { revertError } from "./revertError.ts";
import type { ErrorText } from "./texts/ErrorText.ts";
import { errorTexts } from "./texts/errorTexts.ts";
import { upperSnake } from "./upperSnake.ts";

/** Something of a type, to fill an error with. */
function sample(type: string, components?: readonly { type: string }[]): unknown {
  if (type === "tuple") return (components ?? []).map((c) => sample(c.type));
  if (type === "address") return "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
  if (type === "string") return "text";
  if (type === "bool") return true;
  if (/^bytes\d+$/.test(type)) return `0x${"ab".repeat(Number(type.slice(5)))}`;
  return 3n;
}

function textsOf(name: string): readonly ErrorText[] {
  const texts = errorTexts[name];
  return texts === undefined ? [] : "message" in texts ? [texts] : texts;
}

describe("the texts of contract errors", () => {
  const byName = new Map<string, (typeof errorsAbi)[number]>();
  for (const error of errorsAbi) byName.set(`${error.name}(${error.inputs.map(({ type }) => type)})`, error);

  for (const [signature, error] of byName) {
    it(`${signature} has a sentence with its values`, () => {
      const inputs = error.inputs.map(({ name }) => name ?? "");
      const args = error.inputs.map((input) =>
        sample(input.type, "components" in input ? input.components : undefined),
      );
      const data = encodeErrorResult({
        abi: [error],
        errorName: error.name,
        args: shaped(error, args),
      } as never);
      const refusal = revertError(data);
      assert.equal(refusal.errorName, error.name);
      assert.match(refusal.message, /^\S.*\.$/s);
      assert.doesNotMatch(`${refusal.message} ${refusal.next ?? ""}`, /\{\w+(:\w+)?\}|undefined|\[object/);
      assert.doesNotMatch(
        refusal.message,
        /^The contract refused: /,
        "a sentence of its own, not the fallback",
      );
      const text = textsOf(error.name).find((t) =>
        placeholdersOf(`${t.message} ${t.next ?? ""}`).every((name) => inputs.includes(name)),
      );
      assert.ok(text, "every placeholder is an argument");
      if (text.value !== undefined) assert.ok(inputs.includes(text.value), `${text.value} is an argument`);
    });
  }

  it("no text is left over for an error that does not exist", () => {
    const names = new Set(errorsAbi.map(({ name }) => name));
    assert.deepEqual(
      Object.keys(errorTexts).filter((name) => !names.has(name)),
      [],
    );
  });
});

/** viem takes structs as objects. */
function shaped(error: (typeof errorsAbi)[number], args: readonly unknown[]): unknown[] {
  return args.map((value, i) => {
    const input = error.inputs[i];
    if (input === undefined || !("components" in input) || !Array.isArray(value)) return value;
    return Object.fromEntries(input.components.map(({ name }, j) => [name, value[j]]));
  });
}

describe("upperSnake", () => {
  const table: [name: string, code: string][] = [
    ["CapOutOfBounds", "CAP_OUT_OF_BOUNDS"],
    ["Paused", "PAUSED"],
    ["SafeERC20FailedOperation", "SAFE_ERC20_FAILED_OPERATION"],
    ["ProveByTxt", "PROVE_BY_TXT"],
    ["ECDSAInvalidSignature", "ECDSA_INVALID_SIGNATURE"],
  ];
  for (const [name, code] of table) it(`${name} is ${code}`, () => assert.equal(upperSnake(name), code));
});
