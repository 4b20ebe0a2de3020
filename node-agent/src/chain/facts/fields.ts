/** A value that the ledger keeps as JSON. `read` throws a `TypeError` where what is stored is something else. */
export interface Field<value> {
  write(value: value): unknown;
  read(stored: unknown): value;
}

/** Which of a topic's things a row is about, as the text in the column `key`. */
export interface Key<key> {
  write(key: key): string;
  read(text: string): key;
}

/** Text; `kind` is what the writer knows of its form, such as an address. */
export function text<kind extends string = string>(): Field<kind> {
  return { write: (value) => value, read: (stored) => checked(stored, "string") as kind };
}

export const integer: Field<number> = {
  write: (value) => value,
  read: (stored) => checked(stored, "number"),
};

export const flag: Field<boolean> = {
  write: (value) => value,
  read: (stored) => checked(stored, "boolean"),
};

/** A number of 64 bits, as decimal text: JSON numbers are exact up to 2^53 only. */
export const bigNumber: Field<bigint> = {
  write: String,
  read: (stored) => BigInt(checked(stored, "string")),
};

/** A small number that the first ledgers keep as decimal text too. */
export const numberText: Field<number> = {
  write: String,
  read: (stored) => Number(checked(stored, "string")),
};

export function list<item>(of: Field<item>): Field<readonly item[]> {
  return {
    write: (items) => items.map((item) => of.write(item)),
    read(stored) {
      if (!Array.isArray(stored)) throw new TypeError(`${JSON.stringify(stored)} is not a list`);
      return stored.map((item) => of.read(item));
    },
  };
}

/** An absent value is not written. */
export function optional<value>(of: Field<value>): Field<value | undefined> {
  return {
    write: (value) => (value === undefined ? undefined : of.write(value)),
    read: (stored) => (stored === undefined ? undefined : of.read(stored)),
  };
}

export function record<values extends object>(
  fields: {
    readonly [name in keyof values]-?: Field<values[name]>;
  },
): Field<values> {
  const names = Object.keys(fields) as (keyof values)[];
  return {
    write(values) {
      const stored: Partial<Record<keyof values, unknown>> = {};
      for (const name of names) stored[name] = fields[name].write(values[name]);
      return stored;
    },
    read(stored) {
      if (typeof stored !== "object" || stored === null)
        throw new TypeError(`${JSON.stringify(stored)} is not a record`);
      const values: Partial<values> = {};
      for (const name of names) values[name] = fields[name].read((stored as values)[name]);
      return values as values;
    },
  };
}

/** Of a topic that has only one thing. */
export const only: Key<undefined> = { write: () => "", read: () => undefined };

export const name: Key<string> = { write: (key) => key, read: (key) => key };

export const ordinal: Key<number> = { write: String, read: Number };

export const id: Key<bigint> = { write: String, read: BigInt };

/** Two keys beside each other. Neither text has a space. */
export function pair<first, second>(
  first: Key<first>,
  second: Key<second>,
): Key<readonly [first, second]> & { beginOf(key: first): string } {
  return {
    write: ([a, b]) => `${first.write(a)} ${second.write(b)}`,
    read(text) {
      const space = text.indexOf(" ");
      return [first.read(text.slice(0, space)), second.read(text.slice(space + 1))];
    },
    /** How all keys with this first one begin. */
    beginOf: (key) => `${first.write(key)} `,
  };
}

interface Types {
  string: string;
  number: number;
  boolean: boolean;
}

function checked<type extends keyof Types>(stored: unknown, type: type): Types[type] {
  if (typeof stored !== type) throw new TypeError(`${JSON.stringify(stored)} is not a ${type}`);
  return stored as Types[type];
}
