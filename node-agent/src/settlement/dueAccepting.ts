export interface DueAcceptingParameters {
  readonly headEpoch: number;
  /** The last epoch in which the node takes new projects; 0 when it takes none. */
  readonly acceptingUntil: number;
  /** For how many epochs ahead the node takes projects; 0: it takes none. */
  readonly acceptEpochs: number;
  readonly isRetired: boolean;
}

/**
 * Until which epoch to say now that the node takes projects, 0 for not at all; undefined where all is said.
 *
 * 0 has to be said also when the promise ran out by itself: a node that says nothing is taken for gone two epochs later, and
 * anyone may give its seats to others.
 */
export function dueAccepting(parameters: DueAcceptingParameters): number | undefined {
  const { headEpoch, acceptingUntil, acceptEpochs, isRetired } = parameters;
  if (isRetired) return undefined;
  if (acceptEpochs === 0) return acceptingUntil > 0 ? 0 : undefined;
  return acceptingUntil < headEpoch + acceptEpochs / 2 ? headEpoch + acceptEpochs : undefined;
}
