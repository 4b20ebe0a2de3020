/** A path inside a value as one would write it in JavaScript: `bindings[1].name`, `modules["a/b.js"]`. */
export function shownPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(String(step))) {
      text += text === "" ? String(step) : `.${String(step)}`;
    } else text += `[${JSON.stringify(String(step))}]`;
  }
  return text;
}
