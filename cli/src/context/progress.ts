import type { Ora } from "ora";
import { visibleText } from "../text/visibleText.ts";

/** Says on stderr that something takes its time. */
export interface Progress extends Disposable {
  /** What it is at now. */
  update(text: string): void;
  /** It is done; with a text that stays on the screen, else without a trace. */
  done(text?: string): void;
}

/** After so long, waiting without a sign feels broken. */
const QUIET_MS = 1_000;

/**
 * On a terminal a spinner, elsewhere a plain line for each text that stands longer than a second. A terminal that says it has
 * no columns (a serial line, a window that is not laid out) is none that lines could be wiped from.
 *
 * @param stream Where: stderr.
 */
export function startProgress(stream: NodeJS.WriteStream, text: string): Progress {
  const shown = stream.isTTY && stream.columns > 0 ? spin : lines;
  const progress = shown(stream, visibleText(text));
  return {
    update: (now) => progress.update(visibleText(now)),
    done: (last) => progress.done(last === undefined ? undefined : visibleText(last)),
    [Symbol.dispose]: () => progress[Symbol.dispose](),
  };
}

function spin(stream: NodeJS.WriteStream, first: string): Progress {
  let text = first;
  let spinner: Ora | undefined;
  let ended = false;
  // Loaded beside the work: no work waits for it.
  import("ora").then(({ default: ora }) => {
    if (!ended) spinner = ora({ text, stream, discardStdin: false, hideCursor: true }).start();
  }, ignored);
  const onResize = (): void => {
    if (stream.columns === 0) spinner?.stop();
  };
  const end = (): void => {
    ended = true;
    stream.off("resize", onResize);
    spinner?.stop();
  };
  stream.on("resize", onResize);
  return {
    update(now) {
      text = now;
      if (spinner !== undefined) spinner.text = now;
    },
    done(last) {
      end();
      if (last !== undefined) stream.write(`✔ ${last}\n`);
    },
    [Symbol.dispose]: end,
  };
}

/** A command does without a spinner. */
function ignored(): void {}

function lines(stream: NodeJS.WriteStream, first: string): Progress {
  let timer: NodeJS.Timeout | undefined;
  let now: string | undefined;
  const stop = (): void => clearTimeout(timer);
  const update = (text: string): void => {
    if (text === now) return; // it stands since it was said first
    now = text;
    stop();
    timer = setTimeout(() => stream.write(`${text}\n`), QUIET_MS).unref();
  };
  update(first);
  return {
    update,
    done(text) {
      stop();
      if (text !== undefined) stream.write(`${text}\n`);
    },
    [Symbol.dispose]: stop,
  };
}
