import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { LedgerError } from "./LedgerError.ts";
import { MIGRATIONS } from "./migrations.ts";
import { type Ledger, openLedger } from "./openLedger.ts";

/** Keeps a ledger open, alone, in a process of its own, until that is killed. */
const HOLDER = `
  import { openLedger } from ${JSON.stringify(new URL("./openLedger.ts", import.meta.url).href)};
  openLedger(process.argv[1], { alone: true });
  process.stdout.write("open");
  setInterval(() => {}, 60_000);
`;

describe("openLedger", () => {
  let folder: string;
  let path: string;
  let opened: Ledger[];
  let children: ChildProcess[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ledger-"));
    path = join(folder, "ledger.sqlite");
    opened = [];
    children = [];
  });
  afterEach(async () => {
    for (const ledger of opened) if (ledger.database.isOpen) ledger.close();
    for (const child of children) await ended(child);
    await rm(folder, { recursive: true, force: true });
  });

  function open(options?: Parameters<typeof openLedger>[1]): Ledger {
    const ledger = openLedger(path, options);
    opened.push(ledger);
    return ledger;
  }

  async function openElsewhere(): Promise<ChildProcess> {
    const child = spawn(
      process.execPath,
      ["--conditions=source", "--input-type=module", "-e", HOLDER, path],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    children.push(child);
    const [said] = await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
    assert.equal(String(said), "open");
    return child;
  }

  it("keeps what was committed, and brings the schema up to date once", () => {
    set(open({ alone: true }), "a", "1");
    opened[0]?.close();
    const again = open({ alone: true });
    assert.deepEqual(keys(again), ["a"]);
    const { user_version } = again.database.prepare("PRAGMA user_version").get() as { user_version: number };
    assert.equal(user_version, MIGRATIONS.length);
  });

  describe("a transaction", () => {
    it("that throws keeps nothing, and throws what was thrown", () => {
      const ledger = open();
      const thrown = new Error("changed my mind");
      assert.throws(
        () =>
          ledger.transaction(() => {
            set(ledger, "a", "1");
            throw thrown;
          }),
        thrown,
      );
      assert.deepEqual(keys(ledger), []);
      assert.equal(
        ledger.transaction(() => {
          set(ledger, "b", "1");
          return 7;
        }),
        7,
      );
      assert.deepEqual(keys(ledger), ["b"]);
    });

    it("within another joins it: what comes after the inner one undoes both", () => {
      const ledger = open();
      assert.throws(
        () =>
          ledger.transaction(() => {
            set(ledger, "outer", "1");
            ledger.transaction(() => set(ledger, "inner", "1"));
            throw new Error("too late");
          }),
        /too late/,
      );
      assert.deepEqual(keys(ledger), []);
      ledger.transaction(() => ledger.transaction(() => set(ledger, "inner", "2")));
      assert.deepEqual(keys(ledger), ["inner"]);
    });

    it("within another that throws undoes the outer one too", () => {
      const ledger = open();
      assert.throws(
        () =>
          ledger.transaction(() => {
            set(ledger, "outer", "1");
            ledger.transaction(() => set(ledger, "outer", "twice"));
          }),
        /UNIQUE/,
      );
      assert.deepEqual(keys(ledger), []);
      // And the next one begins anew.
      ledger.transaction(() => set(ledger, "next", "1"));
      assert.deepEqual(keys(ledger), ["next"]);
    });

    it("takes what waits for it along: in order once it is kept, not at all where it is not", () => {
      const ledger = open();
      const done: string[] = [];
      const write = (key: string) => {
        set(ledger, key, "1");
        ledger.afterCommit(() => done.push(`${key}, with ${keys(ledger)} in a transaction: ${isInOne()}`));
      };
      const isInOne = () => ledger.database.isTransaction;
      ledger.transaction(() => {
        write("a");
        ledger.transaction(() => write("b"));
        assert.deepEqual(done, []);
      });
      const both = ["a, with a,b in a transaction: false", "b, with a,b in a transaction: false"];
      assert.deepEqual(done, both);
      assert.throws(() =>
        ledger.transaction(() => {
          write("c");
          throw new Error("changed my mind");
        }),
      );
      ledger.transaction(() => set(ledger, "d", "1"));
      assert.deepEqual(done, both);
      ledger.afterCommit(() => done.push("at once"));
      assert.equal(done.at(-1), "at once");
    });
  });

  describe("a full disk", () => {
    it("undoes the whole transaction, is named with the path, and is over when there is room", () => {
      const ledger = open({ alone: true });
      set(ledger, "before", "1");
      const pages = limitPages(ledger, 4);
      const fill = () =>
        ledger.transaction(() => {
          set(ledger, "small", "1");
          ledger.transaction(() => set(ledger, "large", "x".repeat(1_000_000)));
        });
      for (let i = 0; i < 2; i++) {
        assert.throws(fill, (error) => {
          assert.ok(error instanceof LedgerError);
          assert.deepEqual([error.code, error.value], ["LEDGER_FULL", path]);
          assert.match(error.next ?? "", /space/);
          return true;
        });
        assert.deepEqual(keys(ledger), ["before"]);
        assert.equal(ledger.database.isTransaction, false);
      }
      ledger.database.exec(`PRAGMA max_page_count = ${pages + 10_000}`);
      fill();
      assert.deepEqual(keys(ledger), ["before", "large", "small"]);
      ledger.close();
      assert.deepEqual(keys(open()), ["before", "large", "small"]);
    });

    it("in the middle of many rows keeps none of them", () => {
      const ledger = open();
      limitPages(ledger, 8);
      let written = 0;
      assert.throws(
        () =>
          ledger.transaction(() => {
            for (;;) {
              set(ledger, String(written), "x".repeat(500));
              written += 1;
            }
          }),
        { code: "LEDGER_FULL" },
      );
      assert.ok(written > 10, `${written} rows fitted`);
      assert.deepEqual(keys(ledger), []);
    });
  });

  describe("opened alone", () => {
    it("by another process, it is in use", async () => {
      await openElsewhere();
      assert.throws(() => open({ alone: true }), fails("LEDGER_IN_USE", /stop the other agent/));
    });

    it("by a process that was killed, it is free at once, with what was committed", async () => {
      set(open(), "a", "1");
      opened[0]?.close();
      const holder = await openElsewhere();
      await ended(holder);
      assert.deepEqual(keys(open({ alone: true })), ["a"]);
    });

    it("and closed, it is free", () => {
      open({ alone: true }).close();
      open({ alone: true }).close();
    });
  });

  describe("that cannot be opened", () => {
    it("because a newer agent wrote it, is left as it is and free for that one", () => {
      const newer = open();
      set(newer, "a", "1");
      newer.database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
      newer.close();
      assert.throws(() => open({ alone: true }), fails("LEDGER_TOO_NEW", /newer agent/));
      const database = new DatabaseSync(path, { timeout: 0 });
      database.exec("UPDATE meta SET value = '2'");
      assert.deepEqual(
        { ...database.prepare("PRAGMA user_version").get() },
        { user_version: MIGRATIONS.length + 1 },
      );
      database.close();
    });

    it("because it is no database, is left as it is", async () => {
      const text = "these are my notes, not a ledger".repeat(200);
      await writeFile(path, text);
      assert.throws(() => open({ alone: true }), fails("LEDGER_DAMAGED", /move .*-wal and -shm away/));
      assert.equal(await readFile(path, "utf8"), text);
    });

    it("because pages of it are not what was written, is left as it is, says what is lost and starts anew without", async () => {
      const whole = open({ alone: true });
      fill(whole);
      whole.close();
      const bytes = await readFile(path);
      spoil(bytes);
      await writeFile(path, bytes);
      assert.throws(() => open({ alone: true }), fails("LEDGER_DAMAGED", /not handed in yet is lost/));
      assert.ok((await readFile(path)).equals(bytes));
      for (const end of ["", "-wal", "-shm"]) await rm(`${path}${end}`, { force: true });
      open({ alone: true }).close();
    });

    it("because its end is missing, is named as damaged", async () => {
      const whole = open({ alone: true });
      fill(whole);
      whole.close();
      await truncate(path, 100_000);
      assert.throws(() => open({ alone: true }), fails("LEDGER_DAMAGED", /move/));
    });

    it("damaged while it is open, the transaction that meets it says so", async () => {
      const whole = open();
      fill(whole);
      whole.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      const bytes = await readFile(path);
      spoil(bytes);
      await writeFile(path, bytes);
      const other = open();
      assert.throws(() => other.transaction(() => keys(other)), fails("LEDGER_DAMAGED", /move/));
      other.close();
      whole.close();
    });

    it("because another program's tables are in it, keeps them", () => {
      const theirs = new DatabaseSync(path);
      theirs.exec("CREATE TABLE usage (theirs TEXT); INSERT INTO usage VALUES ('x')");
      theirs.close();
      assert.throws(() => open({ alone: true }), fails("LEDGER_UNREADABLE", /no other program's/));
      const again = new DatabaseSync(path, { timeout: 0 });
      const tables = again.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
      assert.deepEqual(
        tables.map(({ name }) => name),
        ["usage"],
      );
      again.close();
    });

    it("because its folder is not there, says so", async () => {
      await rm(folder, { recursive: true });
      assert.throws(() => open(), fails("LEDGER_UNREADABLE", /folder is there/));
    });

    it("because it is a folder, says so", async () => {
      await mkdir(path);
      assert.throws(() => open(), fails("LEDGER_UNREADABLE", /check/));
    });
  });

  function fails(code: string, next: RegExp) {
    return (error: unknown) => {
      assert.ok(error instanceof LedgerError, String(error));
      assert.deepEqual([error.code, error.value], [code, path]);
      assert.match(error.next ?? "", next);
      return true;
    };
  }
});

function set({ database }: Ledger, key: string, value: string): void {
  database.prepare("INSERT INTO meta (key, value) VALUES (?, ?)").run(key, value);
}

function fill(ledger: Ledger): void {
  ledger.transaction(() => {
    for (let i = 0; i < 4_000; i++) set(ledger, `key ${i}`, "x".repeat(100));
  });
}

/** Pages in the middle, as a bad disk leaves them. */
function spoil(bytes: Buffer): void {
  const middle = Math.floor(bytes.length / 2 / 4_096) * 4_096;
  bytes.fill(0xff, middle, middle + 40_960);
}

function keys({ database }: Ledger): unknown[] {
  return database
    .prepare("SELECT key FROM meta ORDER BY key")
    .all()
    .map(({ key }) => key);
}

/** As if the disk had room for so many more pages. Returns how many there are. */
function limitPages({ database }: Ledger, more: number): number {
  const { page_count: pages } = database.prepare("PRAGMA page_count").get() as { page_count: number };
  database.exec(`PRAGMA max_page_count = ${pages + more}`);
  return pages;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
