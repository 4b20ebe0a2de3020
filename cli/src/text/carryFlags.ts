import { shellWord } from "./shellWord.ts";

/** A flag that was given and is meant for what is typed next too. */
export interface GivenFlag {
  readonly name: string;
  /** As it is typed: `--network main`. */
  readonly text: string;
}

/** Which flags are carried to which commands, by the words of a command line. Keys, passwords and answers never are, nor a deposit. */
const CARRIED: readonly {
  readonly names: readonly string[];
  readonly to: (command: string, from: string) => boolean;
}[] = [
  { names: ["--network", "--rpc"], to: (command) => !/^(pack|help)\b/.test(command) },
  { names: ["--state"], to: (command) => command.startsWith("node ") },
  { names: ["--env", "-e"], to: (command) => /^(deploy|pack|push)\b/.test(command) },
  // Without it the same folder would have another CID.
  { names: ["--spa"], to: (command) => /^(deploy|pack|push)\b/.test(command) },
  { names: ["--no-spa"], to: (command) => /^deploy\b/.test(command) },
  {
    names: ["--domain", "--cap", "--replicas", "--regions", "--nodes"],
    to: (command, from) => from === "deploy" && command.startsWith("deploy"),
  },
];

/** Those that take no value. */
const SWITCHES: ReadonlySet<string> = new Set(["--spa", "--no-spa"]);

/** The flags of a command line that are carried. What follows `--` is none. */
export function givenFlags(args: readonly string[]): GivenFlag[] {
  const end = args.indexOf("--");
  const words = end < 0 ? args : args.slice(0, end);
  const names = CARRIED.flatMap(({ names }) => names);
  return words.flatMap((word, index): GivenFlag[] => {
    const [name = "", ...rest] = word.split("=");
    if (!names.includes(name)) return [];
    if (SWITCHES.has(name)) return [{ name, text: name }];
    const value = word.includes("=") ? rest.join("=") : words[index + 1];
    if (value === undefined) return [];
    return [{ name, text: `${name} ${shellWord(name === "--rpc" ? withoutSecret(value) : value)}` }];
  });
}

/** A text with its command lines as they have to be typed now: with the flags that were given. */
export type Carry = (text: string) => string;

/**
 * Adds flags to the command lines in a text for a person: to `worker3 deploy dist` at the end of a sentence or before `;`, `,` and `)`.
 * Where a command is only talked about, as in `worker3 pack prints it`, nothing is added.
 *
 * @param commands The words that begin a command.
 * @param from The command that was run.
 */
export function carryFlags(parameters: {
  readonly given: readonly GivenFlag[];
  readonly commands: readonly string[];
  readonly from: string;
}): Carry {
  const { given, commands, from } = parameters;
  if (given.length === 0) return (text) => text;
  const begin = new RegExp(`\\bworker3 (?=(?:${commands.join("|")})\\b)`, "g");
  return (text) => {
    let carried = "";
    let done = 0;
    for (const { index } of text.matchAll(begin)) {
      const line = commandLine(text.slice(index + "worker3 ".length));
      if (line === undefined) continue;
      const end = index + "worker3 ".length + line.length;
      const flags = given.filter((flag) => isFor(flag, line, from)).map((flag) => ` ${flag.text}`);
      carried += text.slice(done, end) + flags.join("");
      done = end;
    }
    return carried + text.slice(done);
  };
}

function isFor({ name }: GivenFlag, line: string, from: string): boolean {
  const row = CARRIED.find(({ names }) => names.includes(name));
  if (row === undefined || !row.to(line, from)) return false;
  return !row.names.some((each) => name === each && line.split(" ").includes(each));
}

/** A word, with placeholders and quoted parts whole; what ends it; a space. */
const WORD = /((?:<[^<>]*>|'[^']*'|"[^"]*"|[^\s,;)`<'"])+)([,;)`])?( ?)/y;

/** The command line that a text begins with; undefined where it only speaks of a command. */
function commandLine(text: string): string | undefined {
  WORD.lastIndex = 0;
  let length = 0;
  let isProse = false;
  for (;;) {
    const match = WORD.exec(text);
    if (match === null) break;
    const [, raw = "", mark, space] = match;
    // A dot ends a sentence, unless it is a folder.
    const word = mark !== undefined || /^\.+$/.test(raw) ? raw : raw.replace(/[.:]$/, "");
    const isEnd = mark !== undefined || word !== raw || space === "";
    const next = text.slice(WORD.lastIndex);
    // A lone word in lower case between others is no argument: `worker3 pack prints it`. In `worker3 push dist 7` it is.
    const isPlain = /^[a-z']+$/.test(word) && length > 0;
    if (isPlain && !isEnd && !/^[<\d-]/.test(next) && !isSubcommand(text, length)) {
      isProse = true;
      break;
    }
    length += (length === 0 ? 0 : 1) + word.length;
    if (isEnd) break;
  }
  return isProse || length === 0 ? undefined : text.slice(0, length);
}

/** `credit deposit`, `node start`: the second word of a command that has two. */
function isSubcommand(text: string, length: number): boolean {
  return /^(credit|project|domains|node)$/.test(text.slice(0, length));
}

/** An RPC's path or query often holds a key, and what is printed ends in logs. */
function withoutSecret(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, host, pathname, search, username } = new URL(url);
  return pathname.length > 1 || search !== "" || username !== "" ? `${protocol}//${host}/...` : url;
}
