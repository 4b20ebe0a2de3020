import { ProtocolError } from "./ProtocolError.ts";

const MAX_BYTES = 128;

/**
 * Refuses what the node registry would refuse as an endpoint: `https://host[:port]`, at most 128 bytes of
 * `a-z 0-9 . - : [ ]` behind the scheme, nothing behind the port.
 *
 * Source: contracts/libraries/Endpoint.sol.
 *
 * @param allowHttp Whether `http://` will do: on a devnet only.
 * @throws {ProtocolError} `ENDPOINT_IS_TOO_LONG`, `ENDPOINT_HAS_NO_SCHEME`, `ENDPOINT_HAS_WRONG_CHARACTER`.
 */
export function checkEndpoint(endpoint: string, { allowHttp = false }: { allowHttp?: boolean } = {}): void {
  const bytes = new TextEncoder().encode(endpoint);
  if (bytes.length > MAX_BYTES) {
    throw endpointError(
      "ENDPOINT_IS_TOO_LONG",
      `an endpoint has at most ${MAX_BYTES} bytes, not ${bytes.length}`,
      endpoint,
    );
  }
  const scheme = ["https://", ...(allowHttp ? ["http://"] : [])].find((s) => endpoint.startsWith(s));
  if (scheme === undefined || endpoint.length === scheme.length) {
    throw endpointError("ENDPOINT_HAS_NO_SCHEME", "an endpoint is https:// with a host behind it", endpoint);
  }
  const index = bytes.findIndex(
    (byte, i) => i >= scheme.length && !/[a-z0-9.:[\]-]/.test(String.fromCharCode(byte)),
  );
  if (index >= 0) {
    throw endpointError(
      "ENDPOINT_HAS_WRONG_CHARACTER",
      `byte ${index} of the endpoint is none of a-z 0-9 . - : [ ]`,
      endpoint,
    );
  }
}

function endpointError(code: string, message: string, value: string): ProtocolError {
  return new ProtocolError({
    code,
    message,
    value,
    next: "name the node as https://host[:port], with no path",
  });
}
