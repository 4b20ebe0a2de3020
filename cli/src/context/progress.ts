import ora from "ora";

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
  return stream.isTTY && stream.columns > 0 ? spin(stream, text) : lines(stream, text);
}

function spin(stream: NodeJS.WriteStream, first: string): Progress {
  const spinner = ora({ text: first, stream, discardStdin: false, hideCursor: true });
  const end = (): void => {
    stream.off("resize", onResize);
  };
  const onResize = (): void => {
    if (stream.columns === 0) spinner.stop();
  };
  stream.on("resize", onResize);
  spinner.start();
  return {
    update(text) {
      spinner.text = text;
    },
    done(text) {
      end();
      if (text === undefined) spinner.stop();
      else spinner.succeed(text);
    },
    [Symbol.dispose]() {
      end();
      spinner.stop();
    },
  };
}

function lines(stream: NodeJS.WriteStream, first: string): Progress {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => clearTimeout(timer);
  const update = (text: string): void => {
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
