/**
 * The schema, one migration after the other; `PRAGMA user_version` counts those that were applied. A migration that was
 * released is never changed.
 *
 * Amounts and other numbers of 64 bits that may exceed 2^53 are text; ids and counters are integers. Times are Unix
 * milliseconds. Hashes are `0x` and lower-case hexadecimal digits.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- Blocks that were read up to, sparse in a backfill and dense at the head; the newest is the cursor.
  CREATE TABLE checkpoints (number INTEGER PRIMARY KEY, hash TEXT NOT NULL, timestamp INTEGER NOT NULL) STRICT;

  -- What the chain said, in its order. Events carry new absolute values, so the last row of (scope, id, topic, key) is
  -- what holds now, and a reorganisation is undone by deleting the rows above the common ancestor.
  CREATE TABLE facts (
    scope TEXT NOT NULL,        -- node, project, network
    id INTEGER NOT NULL,        -- nodeId, projectId, 0
    topic TEXT NOT NULL,        -- what the fact is about, such as version or terms
    key TEXT NOT NULL,          -- which of them, such as the version's number; empty for the only one
    block INTEGER NOT NULL,
    log_index INTEGER NOT NULL,
    tx TEXT NOT NULL,
    args TEXT NOT NULL,         -- JSON
    PRIMARY KEY (scope, id, topic, key, block, log_index)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX facts_by_block ON facts (block);
  CREATE INDEX facts_by_cid ON facts (json_extract(args, '$.cid')) WHERE topic = 'version';

  -- Projects that ever had a seat here: those that reconcile looks at.
  CREATE TABLE own_projects (project_id INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE dirty_projects (project_id INTEGER PRIMARY KEY) STRICT;

  -- Whether a project's credit pays for an epoch, as last read from the chain. Whatever touches the credit raises
  -- \`generation\`, so that an answer which was on its way meanwhile is not kept.
  CREATE TABLE funding (
    project_id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, available TEXT, budget TEXT, generation INTEGER NOT NULL
  ) STRICT;

  -- Deployment folders on this disk, and where each block lies in its CAR.
  CREATE TABLE contents (
    cid TEXT PRIMARY KEY, car_bytes INTEGER NOT NULL, bytes INTEGER NOT NULL, files INTEGER NOT NULL,
    stored_ms INTEGER NOT NULL,
    project_id INTEGER          -- for whom it was uploaded; NULL where it was fetched
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE content_blocks (
    block BLOB NOT NULL,        -- the block's CID, binary
    cid TEXT NOT NULL REFERENCES contents ON DELETE CASCADE,
    offset INTEGER NOT NULL, length INTEGER NOT NULL,
    PRIMARY KEY (block, cid)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX content_blocks_by_content ON content_blocks (cid);

  -- Usage by the minute; rows of an epoch become its statement.
  CREATE TABLE usage (
    project_id INTEGER NOT NULL, epoch INTEGER NOT NULL, minute_ms INTEGER NOT NULL,
    requests INTEGER NOT NULL, cpu_ms INTEGER NOT NULL, egress_bytes INTEGER NOT NULL,
    PRIMARY KEY (project_id, epoch, minute_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX usage_by_epoch ON usage (epoch);
  -- The last report of each edge process that was booked, so that none is booked twice; and the last epoch of which it
  -- reported everything.
  CREATE TABLE reporters (reporter TEXT PRIMARY KEY, sequence INTEGER NOT NULL, closed_epoch INTEGER NOT NULL)
    STRICT, WITHOUT ROWID;

  -- What an epoch's usage became. From then on nothing is added to that project's epoch.
  CREATE TABLE statements (
    project_id INTEGER NOT NULL, epoch INTEGER NOT NULL, digest TEXT NOT NULL, receipt TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,        -- open, counted, lost
    batch INTEGER,              -- the open batch that its receipt stands in
    tried_epoch INTEGER,        -- in which the receipt was last put into a batch, or left out for want of credit
    PRIMARY KEY (project_id, epoch)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX statements_by_epoch ON statements (epoch);
  CREATE INDEX statements_open ON statements (epoch) WHERE state = 'open';
  -- What is signed about an epoch: its bytes stand here before the signature does. An id is not used twice.
  CREATE TABLE batches (
    id INTEGER PRIMARY KEY AUTOINCREMENT, epoch INTEGER NOT NULL,
    statements TEXT NOT NULL, receipts TEXT NOT NULL,
    state TEXT NOT NULL,        -- open, closed
    created_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX batches_by_epoch ON batches (epoch);

  -- Transactions of the operator. A row with a nonce keeps it; \`raw\` is what was signed last.
  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,     -- what it is for, such as submit:17
    target TEXT NOT NULL, data TEXT NOT NULL,
    state TEXT NOT NULL,                -- queued, sent, mined, final, failed
    sender TEXT, nonce INTEGER, gas INTEGER, fee_per_gas TEXT, tip_per_gas TEXT, raw TEXT, hash TEXT,
    mined_hash TEXT, block INTEGER, block_hash TEXT, error TEXT,
    created_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, sent_ms INTEGER
  ) STRICT;
  CREATE INDEX outbox_by_state ON outbox (state);
  CREATE TABLE outbox_hashes (hash TEXT PRIMARY KEY, outbox_id INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE)
    STRICT, WITHOUT ROWID;
  `,
  `
  -- Since when nothing wants a deployment folder any more (Unix milliseconds); NULL while something does.
  ALTER TABLE contents ADD COLUMN unwanted_ms INTEGER;
  `,
  `
  -- What this node has had an IPFS daemon pin. Pins that are not here are somebody else's.
  CREATE TABLE kubo_pins (cid TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE INDEX facts_by_owner ON facts (json_extract(args, '$.owner'), id) WHERE topic = 'owner';
  `,
  `
  -- The transaction that a batch goes out in together with others; NULL: one of its own, submit:<id>.
  ALTER TABLE batches ADD COLUMN reference TEXT;
  -- Why the receipt was left out when it was tried last: a reason of the contract's, or Gas; NULL: it was not.
  ALTER TABLE statements ADD COLUMN left_out TEXT;
  `,
  `
  -- What a seat had to hold in a minute: bytes times the seconds in which it served funded, and those seconds.
  ALTER TABLE usage ADD COLUMN stored_byte_seconds INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN stored_seconds INTEGER NOT NULL DEFAULT 0;
  -- What a project's seats may charge for the epoch after that of the answer.
  ALTER TABLE funding ADD COLUMN next_budget TEXT;
  `,
];
