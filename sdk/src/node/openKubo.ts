import { CID } from "multiformats/cid";
import { z } from "zod";
import { KuboError } from "./KuboError.ts";
import { kuboErrorOf, kuboTimeout } from "./kuboErrorOf.ts";
import { asKuboClient, kuboTransport, refused } from "./kuboTransport.ts";

export interface OpenKuboOptions {
  /** Of its RPC API: `http(s)://[user:password@]host[:port]`. Nobody else is asked. */
  readonly url: string;
  /** A call without an answer, or an answer without a byte, for so long ends, in milliseconds. */
  readonly idleMs: number;
}

/** A pin of a whole DAG, or of its root alone. */
export interface KuboPin {
  /** Empty where it was given none. */
  readonly name: string;
}

/**
 * An IPFS daemon of one's own, by its RPC API. Nothing that it sends is trusted; each call ends, whatever it does: a
 * daemon looks without an end for content that nobody has.
 *
 * All throw {KuboError} `KUBO_UNREACHABLE`, `KUBO_TIMEOUT`, `KUBO_REFUSED`; the signal's reason.
 */
export interface Kubo {
  /** Its address, without what opens it. */
  readonly url: string;
  version(signal?: AbortSignal): Promise<string>;
  /** The pieces of a CAR of a DAG, depth first: what the daemon has of it, and finds in its network. */
  readCar(cid: string, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined>;
  /**
   * Hands it a CAR, whose blocks it checks and keeps for now; `pin` keeps them for good. Throws besides what reading the
   * CAR throws.
   */
  importCar(car: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void>;
  /** Whose the pin of a DAG is, by its name; undefined where none names this root. */
  pinOf(cid: string, signal?: AbortSignal): Promise<KuboPin | undefined>;
  /**
   * Pins a DAG all of whose blocks it has; refuses where one is missing. An earlier pin of that root loses its name: ask
   * `pinOf` first.
   */
  pin(cid: string, name: string, signal?: AbortSignal): Promise<void>;
  unpin(cid: string, signal?: AbortSignal): Promise<void>;
  /** The roots of all pins with just this name. */
  pinsNamed(name: string, signal?: AbortSignal): AsyncGenerator<string, void, undefined>;
}

const versionSchema = z.object({ Version: z.string().max(100) });
/** Blocks are not decoded here. */
const NO_CODECS = {
  getCodec: async () => {
    throw new TypeError("no codec is known here");
  },
  listCodecs: () => [],
};
/** What is asked of the daemon itself, not of its network. */
const OFFLINE = { offline: true };

/**
 * Opens a daemon. Asks it nothing yet.
 *
 * Source: https://docs.ipfs.tech/reference/kubo/rpc/
 *
 * @throws {KuboError} `KUBO_URL_BAD`.
 */
export async function openKubo({ url: given, idleMs }: OpenKuboOptions): Promise<Kubo> {
  const { url, headers } = addressOf(given);
  // Loaded by who has a daemon: it brings much, and takes a third of a second.
  const { createDAG, createPin } = await import("kubo-rpc-client");
  const transport = kuboTransport(url, headers);
  const client = asKuboClient(transport);
  const dag = createDAG(client, NO_CODECS);
  const pins = createPin(client);

  /** Makes a call that ends with the signal, and when nothing came for too long. */
  async function call<answer>(
    signal: AbortSignal | undefined,
    work: (watch: Watch) => Promise<answer>,
  ): Promise<answer> {
    using watch = watchSilence(url, idleMs, signal);
    try {
      return await work(watch);
    } catch (cause) {
      if (watch.signal.aborted) throw watch.signal.reason;
      throw cause instanceof SourceFailed ? cause.cause : kuboErrorOf(url, cause);
    }
  }

  /** The same of an answer that comes in parts. While the reader is busy, nobody is silent. */
  async function* stream<part>(
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => AsyncIterable<part>,
  ): AsyncGenerator<part, void, undefined> {
    using watch = watchSilence(url, idleMs, signal);
    try {
      for await (const part of work(watch.signal)) {
        watch.pause();
        yield part;
        watch.heard();
      }
    } catch (cause) {
      throw watch.signal.aborted ? watch.signal.reason : kuboErrorOf(url, cause);
    }
  }

  return {
    url,
    version: (signal) =>
      call(signal, async (watch) => {
        const answer = await transport.post("version", { signal: watch.signal });
        const told = versionSchema.safeParse(await answer.json());
        if (!told.success) throw refused(url, "with something that is no version");
        return told.data.Version;
      }),
    async *readCar(cid, signal) {
      const root = CID.parse(cid);
      yield* stream(signal, (inner) => dag.export(root, { signal: inner }));
    },
    importCar: (car, signal) =>
      call(signal, async (watch) => {
        const source = watched(car, watch);
        const roots = dag.import(source.bytes, { pinRoots: false, signal: watch.signal });
        try {
          // Without a pin there are no roots to tell; the answer's end says that all was taken.
          for await (const _ of roots);
        } catch (cause) {
          throw source.failure() ?? cause;
        }
      }),
    async pinOf(cid, signal) {
      const root = CID.parse(cid);
      return call(signal, async (watch) => {
        for (const type of ["recursive", "direct"] as const) {
          const asked = { paths: root, type, names: true, signal: watch.signal };
          try {
            for await (const { name } of pins.ls(asked)) return { name: name ?? "" };
          } catch (cause) {
            if (!isNotPinned(cause)) throw cause;
          }
        }
        return undefined;
      });
    },
    async pin(cid, name, signal) {
      const root = CID.parse(cid);
      await call(signal, async (watch) => {
        await pins.add(root, { ...OFFLINE, name, signal: watch.signal });
      });
    },
    async unpin(cid, signal) {
      const root = CID.parse(cid);
      await call(signal, async (watch) => {
        await pins.rm(root, { signal: watch.signal }).catch((cause: unknown) => {
          if (!isNotPinned(cause)) throw cause;
        });
      });
    },
    async *pinsNamed(name, signal) {
      const all = stream(signal, (inner) => pins.ls({ type: "recursive", name, signal: inner }));
      // The daemon tells all whose names contain it.
      for await (const pin of all) if (pin.name === name) yield pin.cid.toString();
    },
  };
}

interface Watch extends Disposable {
  readonly signal: AbortSignal;
  heard(): void;
  pause(): void;
}

/** A signal that aborts with the caller's, or by itself when nothing was heard for so long. */
function watchSilence(url: string, idleMs: number, outer: AbortSignal | undefined): Watch {
  outer?.throwIfAborted();
  const silent = new AbortController();
  const wait = () => setTimeout(() => silent.abort(kuboTimeout(url)), idleMs);
  let timer = wait();
  const pause = () => clearTimeout(timer);
  return {
    signal: AbortSignal.any(outer === undefined ? [silent.signal] : [silent.signal, outer]),
    heard() {
      pause();
      timer = wait();
    },
    pause,
    [Symbol.dispose]: pause,
  };
}

/** What is sent could not be read: no fault of the daemon. `cause` is what its reader threw. */
class SourceFailed extends Error {
  constructor(cause: unknown) {
    super("the source failed", { cause });
  }
}

/** The same pieces. The client tells only that the source failed: what it threw is kept for who asks. */
function watched(source: AsyncIterable<Uint8Array>, watch: Watch) {
  let failure: SourceFailed | undefined;
  return {
    failure: () => failure,
    bytes: (async function* () {
      try {
        for await (const piece of source) {
          watch.heard();
          yield piece;
        }
      } catch (error) {
        failure = new SourceFailed(error);
        throw error;
      }
    })(),
  };
}

function isNotPinned(cause: unknown): boolean {
  return cause instanceof Error && /\bnot pinned\b/.test(cause.message);
}

/** What stands before the host opens the daemon (`API.Authorizations`), and is in no log. */
function addressOf(given: string): { readonly url: string; readonly headers: Record<string, string> } {
  const parsed = URL.canParse(given) ? new URL(given) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.search + parsed.hash !== "") {
    throw new KuboError({
      code: "KUBO_URL_BAD",
      message: "the address of an IPFS daemon's RPC API is an http(s) URL",
      value: parsed === undefined ? given : parsed.origin,
      next: "name it as in http://127.0.0.1:5001",
    });
  }
  const { username, password } = parsed;
  parsed.username = "";
  parsed.password = "";
  const url = parsed.href.replace(/\/+$/, "");
  if (username === "") return { url, headers: {} };
  const opener = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { url, headers: { authorization: `Basic ${opener.toString("base64")}` } };
}
