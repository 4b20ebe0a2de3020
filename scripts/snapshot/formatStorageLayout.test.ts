import assert from "node:assert/strict";
import { formatStorageLayout, type StorageLayout } from "./formatStorageLayout.ts";

const variable = (label: string, slot: string, offset: number, type: string) => ({
  label,
  slot,
  offset,
  type,
});
const type = (label: string, numberOfBytes: string) => ({ label, numberOfBytes });

const layout: StorageLayout = {
  storage: [
    variable("owner", "0", 0, "t_address"),
    variable("paused", "0", 20, "t_bool"),
    variable("nodes", "1", 0, "t_mapping(t_uint32,t_struct(Node)7_storage)"),
    variable("pool", "2", 0, "t_struct(Pool)9_storage"),
  ],
  types: {
    t_address: type("address", "20"),
    t_bool: type("bool", "1"),
    t_uint256: type("uint256", "32"),
    "t_userDefinedValueType(Word)3": type("Word", "32"),
    "t_struct(Node)7_storage": {
      ...type("struct Node", "32"),
      members: [variable("word", "0", 0, "t_userDefinedValueType(Word)3")],
    },
    "t_struct(Pool)9_storage": {
      ...type("struct Pool", "64"),
      members: [variable("first", "0", 0, "t_uint256"), variable("second", "1", 0, "t_uint256")],
    },
    "t_mapping(t_uint32,t_struct(Node)7_storage)": {
      ...type("mapping(uint32 => struct Node)", "32"),
      value: "t_struct(Node)7_storage",
    },
  },
};

describe("A snapshot of a storage layout", () => {
  it("tells the bits of each variable, of what mappings lead to, and of words, and no number of the compiler's", () => {
    assert.equal(
      formatStorageLayout(
        "Registry",
        layout,
        new Map([["Word", "`owner 160 | versions 96`, from the low bits up"]]),
      ),
      `# Registry: slot, bits, name, type
 0     0-159  owner   address
 0   160-167  paused  bool
 1     0-255  nodes   mapping(uint32 => struct Node)
 2   2 slots  pool    struct Pool

struct Node: 1 slot
 0     0-255  word  Word

struct Pool: 2 slots
 0     0-255  first   uint256
 1     0-255  second  uint256

Word: \`owner 160 | versions 96\`, from the low bits up
`,
    );
  });

  it("refuses a word that no comment explains", () => {
    assert.throws(
      () => formatStorageLayout("Registry", layout, new Map()),
      /Registry stores Word, whose bits no comment/,
    );
  });
});
