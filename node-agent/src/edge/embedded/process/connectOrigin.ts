import { buildConnector } from "undici";
import { LIMITS } from "./limits.ts";
import { prepareUpstream } from "./prepareUpstream.ts";

/** undici's connector for the origin of another node. */
export function connectOrigin(): buildConnector.connector {
  const connect = buildConnector({ timeout: LIMITS.connectMs, allowH2: false });
  return (options, settle) => {
    connect(options, (...[error, socket]) => {
      if (error === null) settle(null, prepareUpstream(socket));
      else settle(error, null);
    });
  };
}
