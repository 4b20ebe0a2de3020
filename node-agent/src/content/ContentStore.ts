import type { ReadStream } from "node:fs";
import type { Manifest } from "@worker3/sdk";
import type { CID } from "multiformats/cid";
import type { ContentRow } from "../ledger/contentTable.ts";
import type { Pace } from "./createPace.ts";

/** A deployment folder on this disk: verified, checked and written out. */
export interface StoredContent {
  readonly cid: string;
  /** The extracted folder, absolute: see `EXTRACTED`. */
  readonly folder: string;
  readonly carPath: string;
  readonly carBytes: number;
  /** Bytes of all files. */
  readonly bytes: number;
  readonly files: number;
  readonly manifest: Manifest;
}

export interface PutOptions {
  readonly signal?: AbortSignal | undefined;
  /** For whom it is uploaded; absent where the node fetches it. */
  readonly projectId?: bigint | undefined;
  /** Bytes of the CAR at most, where that is less than the store's own limit. */
  readonly maxBytes?: number | undefined;
}

export interface RecoverOptions {
  readonly signal?: AbortSignal | undefined;
  readonly pace?: Pace | undefined;
}

/** A CAR that is being read. Stays whole even when the content is removed meanwhile. */
export interface OpenCar {
  readonly bytes: number;
  /** Closes the file at its end, or when it is destroyed. */
  readonly stream: ReadStream;
}

/** The deployment folders that this node keeps, by CID. */
export interface ContentStore {
  /** @throws {ContentError} `DISK_UNUSABLE`. */
  get(cid: string): Promise<StoredContent | undefined>;
  has(cid: string): boolean;
  /** Bytes of all its files; undefined where it is not here. */
  bytesOf(cid: string): number | undefined;
  /**
   * Takes a CAR from a stranger: verifies it block by block while it is written, checks layout and manifest, writes the
   * files out. Either all of it is kept, also through a power cut, or nothing.
   *
   * Several puts of one CID run side by side, so that none waits for a slower one; the first that is done ends the others,
   * which return the same content.
   *
   * @throws {CidError} `CID_BAD`; {CarError} as `verifyCar`; {DagError | PathError | ManifestError} as `readDeployment`;
   *   {ContentError} `DISK_FULL`, `DISK_UNUSABLE`; {LedgerError} `LEDGER_FULL`; what the source throws; the signal's
   *   reason.
   */
  put(cid: string, source: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<StoredContent>;
  openCar(cid: string): Promise<OpenCar | undefined>;
  /** One block, of whatever folder has it. */
  readBlock(cid: CID): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The CIDs whose files lie here without being listed: the ledger lost their rows, or they are not trusted any more. */
  unlisted(): Promise<string[]>;
  /**
   * Lists again what lies here unlisted: its CAR is verified block by block and its files are written out anew. One that is
   * damaged is set aside into `damaged/`, where the newest few are kept.
   *
   * @returns undefined where nothing whole lies here.
   * @throws {ContentError} `DISK_FULL`, `DISK_UNUSABLE`; {LedgerError} `LEDGER_FULL`; the signal's reason.
   */
  recover(cid: string, options?: RecoverOptions): Promise<StoredContent | undefined>;
  /** Takes a content off the list. Its files stay, for `recover`. */
  distrust(cid: string): Promise<void>;
  /** As `inspectContent`. */
  inspect(cid: string, options: { signal: AbortSignal; pace: Pace }): Promise<string | undefined>;
  /** Forgets a folder and frees its space; nothing happens where it is not there. */
  remove(cid: string): Promise<void>;
  list(): ContentRow[];
  /** It was uploaded again, for a project: whatever waits to be dropped begins to wait anew. */
  touch(cid: string, projectId: bigint): void;
  /** Notes since when nothing wants a content, in Unix milliseconds; undefined: something does. */
  setUnwanted(cid: string, sinceMs: number | undefined): void;
}
