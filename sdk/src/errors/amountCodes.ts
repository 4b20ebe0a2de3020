import { errorTexts } from "./texts/errorTexts.ts";
import { upperSnake } from "./upperSnake.ts";

/** The codes of errors whose `value` is an amount of the asset, in base units: those that show it in their message too, and `NO_CREDIT`. */
export function amountCodes(): ReadonlySet<string> {
  const told = Object.entries(errorTexts).flatMap(([name, texts]) =>
    [texts]
      .flat()
      .filter(({ message, value }) => value !== undefined && message.includes(`{${value}:amount}`))
      .map(({ code }) => code ?? upperSnake(name)),
  );
  return new Set([...told, "NO_CREDIT"]);
}
