/** solc's `storageLayout`. */
export interface StorageLayout {
  readonly storage: readonly Variable[];
  readonly types: Readonly<Record<string, StorageType>> | null;
}

interface Variable {
  readonly label: string;
  readonly offset: number;
  readonly slot: string;
  readonly type: string;
}

interface StorageType {
  readonly label: string;
  readonly numberOfBytes: string;
  readonly key?: string;
  readonly value?: string;
  readonly base?: string;
  readonly members?: readonly Variable[];
}

/**
 * A layout as people read it: a line for each variable with its slot and bits, then the structs that they hold, then the
 * value types.
 * @param words The bits of value types, by name.
 */
export function formatStorageLayout(name: string, layout: StorageLayout, words: Map<string, string>): string {
  const types = layout.types ?? {};
  const seen = new Set<string>();
  const structs: string[] = [];
  const values: string[] = [];

  const visit = (id: string | undefined): void => {
    const type = id === undefined ? undefined : types[id];
    if (id === undefined || type === undefined || seen.has(id)) return;
    seen.add(id);
    if (type.members !== undefined) {
      const slots = Number(type.numberOfBytes) / 32;
      structs.push(
        `\n${type.label}: ${slots} ${slots === 1 ? "slot" : "slots"}`,
        ...table(type.members, types),
      );
      for (const member of type.members) visit(member.type);
    }
    const word = words.get(type.label);
    if (word !== undefined) values.push(`${type.label}: ${word}`);
    for (const part of [type.key, type.value, type.base]) visit(part);
  };
  for (const variable of layout.storage) visit(variable.type);

  const unknown = Object.entries(types).find(
    ([id, { label }]) => id.startsWith("t_userDefinedValueType") && !words.has(label),
  );
  if (unknown)
    throw new Error(`${name} stores ${unknown[1].label}, whose bits no comment in contracts/types explains.`);
  return [
    `# ${name}: slot, bits, name, type`,
    ...table(layout.storage, types),
    ...structs,
    ...(values.length === 0 ? [] : ["", ...values.sort()]),
    "",
  ].join("\n");
}

function table(variables: readonly Variable[], types: Readonly<Record<string, StorageType>>): string[] {
  const rows = variables.map(({ label, offset, slot, type }) => {
    const bytes = Number(types[type]?.numberOfBytes);
    const bits = bytes > 32 ? `${bytes / 32} slots` : `${8 * offset}-${8 * (offset + bytes) - 1}`;
    return { slot, bits, label, type: types[type]?.label ?? type };
  });
  const width = Math.max(...rows.map(({ label }) => label.length));
  return rows.map(
    ({ slot, bits, label, type }) =>
      `${slot.padStart(2)}  ${bits.padStart(8)}  ${label.padEnd(width)}  ${type}`,
  );
}
