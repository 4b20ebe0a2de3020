import { Worker3Error } from "@worker3/sdk";

/** A deployment could not be checked, or its verification not written: which is not the same as that it is wrong. */
export class DeploymentError extends Worker3Error {}
