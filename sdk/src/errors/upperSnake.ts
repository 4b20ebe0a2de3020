/** The code of an error's name: `CapOutOfBounds` is `CAP_OUT_OF_BOUNDS`, `SafeERC20FailedOperation` `SAFE_ERC20_FAILED_OPERATION`. */
export function upperSnake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toUpperCase();
}
