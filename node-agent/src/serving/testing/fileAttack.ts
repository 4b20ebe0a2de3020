/** A worker that tries to get at files and processes by all that `nodejs_compat` has, and tells what each attempt gave. */
export function fileAttack(paths: readonly string[], pid: number): string {
  return `
    import childProcess from "node:child_process";
    import dgram from "node:dgram";
    import fs from "node:fs";
    import inspector from "node:inspector";
    import net from "node:net";
    import os from "node:os";
    import process from "node:process";
    import v8 from "node:v8";
    import vm from "node:vm";
    import { Worker } from "node:worker_threads";
    const paths = ${JSON.stringify(paths)};
    function attempt(act) {
      try { return String(act()) } catch (error) { return error.code ?? error.name }
    }
    function look(path) {
      return [fs.readFileSync, fs.readdirSync, fs.statSync, fs.readlinkSync].map((read) => attempt(() => read(path)));
    }
    async function load(url) {
      return fetch(url).then((answer) => answer.text(), (error) => error.message);
    }
    export default { async fetch() {
      const files = {};
      for (const path of paths) files[path] = look(path);
      fs.symlinkSync("/etc/passwd", "/tmp/link");
      return Response.json({
        files,
        throughLink: attempt(() => fs.readFileSync("/tmp/link", "utf8")),
        throughUrl: attempt(() => fs.readFileSync(new URL("file:///etc/passwd"), "utf8")),
        fetched: await load("file:///etc/passwd"),
        root: attempt(() => fs.readdirSync("/")),
        writesRoot: attempt(() => fs.writeFileSync("/own", "x")),
        writesCode: attempt(() => fs.writeFileSync("/bundle/index.js", "x")),
        environment: attempt(() => JSON.stringify(process.env)),
        pids: attempt(() => process.pid + " " + process.ppid),
        interfaces: attempt(() => JSON.stringify(os.networkInterfaces())),
        kill: attempt(() => process.kill(${pid}, 0)),
        run: attempt(() => childProcess.execSync("id")),
        spawn: attempt(() => childProcess.spawn("id")),
        load: attempt(() => process.dlopen({}, "/lib/libc.so.6")),
        binding: attempt(() => process.binding("fs")),
        udp: attempt(() => dgram.createSocket("udp4").bind(9)),
        listen: attempt(() => net.createServer().listen(9)),
        inspect: attempt(() => inspector.open(9229)),
        thread: attempt(() => new Worker("1", { eval: true })),
        flags: attempt(() => v8.setFlagsFromString("--allow-natives-syntax")),
        context: attempt(() => vm.runInNewContext("1")),
        evaluate: attempt(() => new Function("return 1")()),
      });
    } }`;
}

const ABSENT = ["ENOENT", "ENOENT", "ENOENT", "ENOENT"];

/** What `fileAttack` tells in a cell: its worker's own virtual folders, and nothing of the machine. */
export function nothingButItsOwn(paths: readonly string[]): object {
  return {
    files: Object.fromEntries(paths.map((path) => [path, ABSENT])),
    throughLink: "ENOENT",
    throughUrl: "ENOENT",
    fetched: "Fetch API cannot load: file:///etc/passwd",
    root: "bundle,tmp,dev",
    writesRoot: "EPERM",
    writesCode: "EPERM",
    environment: "{}",
    pids: "1 0",
    interfaces: "{}",
    kill: "ERR_METHOD_NOT_IMPLEMENTED",
    run: "ERR_METHOD_NOT_IMPLEMENTED",
    spawn: "ERR_METHOD_NOT_IMPLEMENTED",
    load: "ERR_METHOD_NOT_IMPLEMENTED",
    binding: "ERR_METHOD_NOT_IMPLEMENTED",
    // Objects without a socket behind them: only a look at the process tells.
    udp: "[object Object]",
    listen: "[object Object]",
    inspect: "[object Object]",
    thread: "ERR_METHOD_NOT_IMPLEMENTED",
    flags: "ERR_METHOD_NOT_IMPLEMENTED",
    context: "ERR_METHOD_NOT_IMPLEMENTED",
    evaluate: "EvalError",
  };
}
