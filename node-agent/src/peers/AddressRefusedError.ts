import { Worker3Error } from "@worker3/sdk";

/** A host name of a stranger leads to an address that is not on the public internet. `value` is name and address. */
export class AddressRefusedError extends Worker3Error {
  constructor(host: string, addresses: readonly string[]) {
    super({
      code: "ADDRESS_REFUSED",
      message: "a node's endpoint leads to an address that is not on the public internet",
      value: `${host} (${addresses.join(", ")})`,
      next: "on a devnet set content.allowPrivateAddresses; else the node's operator has to correct its endpoint",
    });
  }
}
