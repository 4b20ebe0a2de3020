import { connect, type Socket } from "node:net";
import { buildConnector } from "undici";
import { frameAsAsked } from "./bodyless.ts";
import { LIMITS } from "./limits.ts";
import { readToEnd } from "./readToEnd.ts";

const RETRY_MS = 5;

/**
 * undici's connector for a unix socket. A listener whose backlog is full refuses with EAGAIN at once, where TCP would
 * wait; so this waits.
 */
export function connectUnix(socketPath: string): buildConnector.connector {
  return (_, settle) => {
    const deadline = Date.now() + LIMITS.connectMs;
    const attempt = () => {
      const socket = connect(socketPath);
      socket.once("connect", () => {
        socket.off("error", failed);
        settle(null, prepare(socket));
      });
      const failed = (error: NodeJS.ErrnoException) => {
        if (error.code === "EAGAIN" && Date.now() < deadline) setTimeout(attempt, RETRY_MS);
        else settle(error, null);
      };
      socket.once("error", failed);
    };
    attempt();
  };
}

/** undici's connector for the origin of another node. */
export function connectOrigin(): buildConnector.connector {
  const connectTo = buildConnector({ timeout: LIMITS.connectMs, allowH2: false });
  return (options, settle) => {
    connectTo(options, (...[error, socket]) => {
      if (error === null) settle(null, prepare(socket));
      else settle(error, null);
    });
  };
}

function prepare(socket: Socket): Socket {
  readToEnd(socket);
  frameAsAsked(socket);
  return socket;
}
