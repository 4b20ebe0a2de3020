/** What all members of a union are at once. */
export type Intersection<union> = (union extends unknown ? (each: union) => void : never) extends (
  each: infer all,
) => void
  ? all
  : never;

/** One object with the fields of all, in their order. A field that several have stands where it stood first. */
export function merged<part extends object>(parts: readonly part[]): Intersection<part> {
  return Object.assign({}, ...parts);
}
