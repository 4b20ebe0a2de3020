/**
 * For mocha's `require`: files that run side by side hand their failures to the parent as JSON. What JSON cannot say, such as a
 * bigint that was not what it should be, would cost the whole file its report; it is handed over as text.
 */
import { inspect } from "node:util";

export const mochaHooks = {
  afterEach(this: Mocha.Context): void {
    const error: unknown = this.currentTest?.err;
    if (typeof error !== "object" || error === null) return;
    for (const [name, value] of Object.entries(error)) {
      if (!isJson(value)) Object.assign(error, { [name]: inspect(value, { depth: 5 }) });
    }
  },
};

function isJson(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
