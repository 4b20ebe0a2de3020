import { connect, type Socket } from "node:net";
import { monotonicMs } from "../../../process/monotonicMs.ts";
import { LIMITS } from "./limits.ts";
import { prepareUpstream } from "./prepareUpstream.ts";

const RETRY_MS = 5;

/**
 * undici's connector for a unix socket. A listener whose backlog is full refuses with EAGAIN at once, where TCP would
 * wait; so this waits.
 */
export function connectUnix(socketPath: string) {
  return (_options: unknown, settle: (...result: [null, Socket] | [Error, null]) => void): void => {
    const deadline = monotonicMs() + LIMITS.connectMs;
    const attempt = () => {
      const socket = connect(socketPath);
      socket.once("connect", () => {
        socket.off("error", failed);
        settle(null, prepareUpstream(socket));
      });
      const failed = (error: NodeJS.ErrnoException) => {
        if (error.code === "EAGAIN" && monotonicMs() < deadline) setTimeout(attempt, RETRY_MS);
        else settle(error, null);
      };
      socket.once("error", failed);
    };
    attempt();
  };
}
