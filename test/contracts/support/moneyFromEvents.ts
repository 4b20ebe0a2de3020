import { type Address, type Hex, parseEventLogs, sliceHex, zeroAddress, zeroHash } from "viem";
import type { Network } from "./scenario.ts";
import { SeatsCounted } from "./seatsCounted.ts";
import { STATUS } from "./settlement.ts";

const LINE_BYTES = 40;
const TOO_LITTLE_CREDIT = 2;

interface Credit {
  balance: bigint;
  thawing: bigint;
  thawEpoch: number;
  raisedAt: number;
}
interface Terms {
  readonly fromEpoch: number;
  readonly cap: bigint;
  readonly seats: readonly number[];
}
interface Dispute {
  status: number;
  openedIn: number;
  extended: boolean;
  disputer: Address;
  bond: bigint;
  amount: bigint;
  feeBps: number;
  batchHash: Hex;
}
interface Batch {
  readonly nodeId: number;
  readonly epoch: number;
  readonly statements: Hex;
  readonly lines: Hex;
}

const UNTOUCHED: Dispute = {
  status: STATUS.untouched,
  openedIn: 0,
  extended: false,
  disputer: zeroAddress,
  bond: 0n,
  amount: 0n,
  feeBps: 0,
  batchHash: zeroHash,
};

/** The fee on an amount, rounded up. */
const feeOf = (amount: bigint, feeBps: number): bigint => (amount * BigInt(feeBps) + 9_999n) / 10_000n;
const receiptKey = (projectId: bigint, nodeId: number, epoch: number): string =>
  `${projectId} ${nodeId} ${epoch}`;
const bucketKey = (nodeId: number, epoch: number): string => `${nodeId} ${epoch}`;
type Prices = Awaited<ReturnType<Network["settlement"]["read"]["pricesAt"]>>;
type Parameters = Awaited<ReturnType<Network["settlement"]["read"]["parameters"]>>;

/** What escrow and settlement keep, as somebody knows it who reads nothing but their events and those of the registries. */
export class MoneyFromEvents {
  readonly credits = new Map<bigint, Credit>();
  readonly refunds = new Map<Address, bigint>();
  readonly rings = new Map<bigint, SeatsCounted>();
  readonly disputes = new Map<string, Dispute>();
  readonly batches: Batch[] = [];
  readonly #buckets = new Map<string, { pending: bigint; feeBps: number }>();
  readonly #payable = new Map<number, { amount: bigint; fee: bigint }>();
  readonly #terms = new Map<bigint, Terms[]>();
  readonly #retiredFrom = new Map<number, number>();
  readonly prices: Prices[] = [];
  parameters: Parameters | undefined;
  held = 0n;
  fees = 0n;
  feeReceiver: Address = zeroAddress;
  suspendedUntil = 0;
  successor: Address = zeroAddress;
  pausedUntil = 0;

  creditOf(projectId: bigint): Credit {
    const credit = this.credits.get(projectId) ?? { balance: 0n, thawing: 0n, thawEpoch: 0, raisedAt: 0 };
    this.credits.set(projectId, credit);
    return credit;
  }

  statusOf = (projectId: bigint, nodeId: number, epoch: number): Dispute =>
    this.disputes.get(receiptKey(projectId, nodeId, epoch)) ?? UNTOUCHED;

  pendingOf = (nodeId: number, epoch: number) =>
    this.#buckets.get(bucketKey(nodeId, epoch)) ?? { pending: 0n, feeBps: 0 };

  payableOf = (nodeId: number) => this.#payable.get(nodeId) ?? { amount: 0n, fee: 0n };

  pricesAt(epoch: number): Prices | undefined {
    return this.prices.findLast(({ fromEpoch }) => fromEpoch <= epoch);
  }

  termsAt(projectId: bigint, epoch: number): Terms | undefined {
    return this.#terms.get(projectId)?.findLast(({ fromEpoch }) => fromEpoch <= epoch);
  }

  /** balance - thawing - cap for each seat of the last epochs that is not counted and whose node was not retired then. */
  availableOf(projectId: bigint, now: number, late: number): bigint {
    const { balance, thawing } = this.creditOf(projectId);
    let reserved = 0n;
    for (let epoch = Math.max(0, now - late); epoch < now; epoch++) {
      const terms = this.termsAt(projectId, epoch);
      const counted = this.rings.get(projectId)?.countedIn(epoch) ?? 0n;
      for (const [seat, nodeId] of (terms?.seats ?? []).entries()) {
        const isRetired = epoch >= (this.#retiredFrom.get(nodeId) ?? Number.POSITIVE_INFINITY);
        if (nodeId !== 0 && !isRetired && !((counted >> BigInt(seat)) & 1n)) reserved += terms?.cap ?? 0n;
      }
    }
    const free = balance - thawing;
    return free > reserved ? free - reserved : 0n;
  }

  /** What one event says. `epoch` is that of its block. */
  apply(event: MoneyEvent, epoch: number): void {
    switch (event.eventName) {
      case "ProjectCreated":
        this.rings.set(event.args.projectId, new SeatsCounted(epoch));
        return;
      case "TermsSet": {
        const { projectId, fromEpoch, cap, nodeIds } = event.args;
        const others = (this.#terms.get(projectId) ?? []).filter((terms) => terms.fromEpoch !== fromEpoch);
        const terms = [...others, { fromEpoch, cap: BigInt(cap), seats: nodeIds }];
        this.#terms.set(
          projectId,
          terms.toSorted((a, b) => a.fromEpoch - b.fromEpoch),
        );
        return;
      }
      case "Retired":
        this.#retiredFrom.set(event.args.nodeId, event.args.retiredFrom);
        return;
      case "RetirementLifted":
        this.#retiredFrom.delete(event.args.nodeId);
        return;

      case "Deposited":
      case "Refunded": {
        const { projectId, balance, amount } = event.args;
        Object.assign(this.creditOf(projectId), { balance, raisedAt: epoch });
        if (event.eventName === "Refunded") this.held -= amount;
        return;
      }
      case "WithdrawRequested": {
        const { projectId, thawing, thawEpoch } = event.args;
        Object.assign(this.creditOf(projectId), { thawing, thawEpoch });
        return;
      }
      case "WithdrawCancelled":
        Object.assign(this.creditOf(event.args.projectId), { thawing: 0n, thawEpoch: 0 });
        return;
      case "Withdrawn": {
        const { projectId, balance } = event.args;
        Object.assign(this.creditOf(projectId), { balance, thawing: 0n, thawEpoch: 0 });
        return;
      }
      case "RefundOwed":
        this.refunds.set(event.args.who, event.args.refund);
        return;
      case "RefundCollected":
        this.refunds.set(event.args.who, 0n);
        this.held -= event.args.amount;
        return;
      case "FeesCollected":
        this.fees -= event.args.amount;
        return;
      case "FeeReceiverSet":
        this.feeReceiver = event.args.receiver;
        return;

      case "BatchCounted":
        this.#count(event.args);
        return;
      case "ReceiptSkipped":
        if (event.args.reason === TOO_LITTLE_CREDIT) {
          this.rings.get(event.args.projectId)?.reach(event.args.epoch);
        }
        return;
      case "Released": {
        const { projectId, nodeId, epoch: of, amount } = event.args;
        this.disputes.set(receiptKey(projectId, nodeId, of), { ...UNTOUCHED, status: STATUS.released });
        this.#makePayable(nodeId, amount, this.#takeFrom(nodeId, of, amount));
        return;
      }
      case "Disputed": {
        const { projectId, nodeId, epoch: of, disputer, amount, bond, batchHash: hash } = event.args;
        const feeBps = this.#takeFrom(nodeId, of, amount);
        const opened = { status: STATUS.disputed, openedIn: epoch, extended: false, disputer, bond };
        this.disputes.set(receiptKey(projectId, nodeId, of), { ...opened, amount, feeBps, batchHash: hash });
        this.held += bond;
        return;
      }
      case "Extended": {
        const { projectId, nodeId, epoch: of } = event.args;
        this.statusOf(projectId, nodeId, of).extended = true;
        return;
      }
      case "Decided": {
        const { projectId, nodeId, epoch: of, guilty, slashed, reward } = event.args;
        this.#settle(projectId, nodeId, of, { paysNode: !guilty, bondToNode: !guilty });
        this.held += reward;
        this.fees += slashed - reward;
        return;
      }
      case "Drawn": {
        const { projectId, nodeId, epoch: of } = event.args;
        this.#settle(projectId, nodeId, of, { paysNode: true, bondToNode: false });
        return;
      }
      case "Claimed": {
        const { nodeId, epochs, paid, fee } = event.args;
        for (const of of epochs) this.#buckets.delete(bucketKey(nodeId, of));
        this.#payable.delete(nodeId);
        this.held -= paid + fee;
        this.fees += fee;
        return;
      }
      case "PricesSet":
        this.prices.push(event.args.prices);
        return;
      case "ParametersSet":
        this.parameters = event.args.parameters;
        return;
      case "DecisionsSuspended":
        this.suspendedUntil = event.args.untilEpoch;
        return;
      case "SuccessorSet":
        this.successor = event.args.successor;
        return;
      case "PausedUntil":
        this.pausedUntil = event.args.until;
        return;
    }
  }

  #count(batch: Batch): void {
    const { nodeId, epoch, lines } = batch;
    this.batches.push(batch);
    const feeBps = this.pricesAt(epoch)?.feeBps ?? 0;
    const bucket = { ...this.pendingOf(nodeId, epoch), feeBps };
    for (let start = 0; start < (lines.length - 2) / 2; start += LINE_BYTES) {
      const projectId = BigInt(sliceHex(lines, start, start + 8));
      const amount = BigInt(sliceHex(lines, start + 32, start + LINE_BYTES));
      const credit = this.creditOf(projectId);
      credit.balance -= amount;
      if (credit.thawing > credit.balance) credit.thawing = credit.balance;
      this.held += amount;
      bucket.pending += amount;
      const seat = this.termsAt(projectId, epoch)?.seats.indexOf(nodeId) ?? -1;
      this.rings.get(projectId)?.mark(epoch, seat);
    }
    this.#buckets.set(bucketKey(nodeId, epoch), bucket);
  }

  /** Takes an amount out of its bucket; returns the fee's share. */
  #takeFrom(nodeId: number, epoch: number, amount: bigint): number {
    const bucket = this.pendingOf(nodeId, epoch);
    bucket.pending -= amount;
    return bucket.feeBps;
  }

  #settle(
    projectId: bigint,
    nodeId: number,
    epoch: number,
    { paysNode, bondToNode }: { paysNode: boolean; bondToNode: boolean },
  ): void {
    const dispute = this.statusOf(projectId, nodeId, epoch);
    dispute.status = STATUS.settled;
    if (paysNode) this.#makePayable(nodeId, dispute.amount, dispute.feeBps);
    if (bondToNode) this.#makePayable(nodeId, dispute.bond, 0);
  }

  #makePayable(nodeId: number, amount: bigint, feeBps: number): void {
    const { amount: before, fee: feeBefore } = this.payableOf(nodeId);
    const fee = feeOf(amount, feeBps);
    this.#payable.set(nodeId, { amount: before + amount - fee, fee: feeBefore + fee });
  }
}

type Logs = Awaited<ReturnType<Network["publicClient"]["getLogs"]>>;

const parseMoney = ({ escrow, settlement }: Network, logs: Logs) =>
  parseEventLogs({ abi: [...escrow.abi, ...settlement.abi], logs });
/** What escrow and settlement read in the registries. */
const parseRegistries = ({ projects, nodes }: Network, logs: Logs) =>
  parseEventLogs({
    abi: [...projects.abi, ...nodes.abi],
    eventName: ["ProjectCreated", "TermsSet", "Retired", "RetirementLifted"],
    logs,
  });
type MoneyEvent = ReturnType<typeof parseMoney>[number] | ReturnType<typeof parseRegistries>[number];

/** Reads all events since the network was deployed. */
export async function moneyFromEvents(t: Network): Promise<MoneyFromEvents> {
  const read = (...contracts: { address: Address }[]) =>
    t.publicClient.getLogs({ address: contracts.map(({ address }) => address), fromBlock: 0n });
  const ofMoney: MoneyEvent[] = parseMoney(t, await read(t.escrow, t.settlement));
  const ofRegistries: MoneyEvent[] = parseRegistries(t, await read(t.projects, t.nodes));
  const events = [...ofMoney, ...ofRegistries].sort(
    (a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex,
  );

  const genesis = Date.parse(t.network.genesis) / 1000;
  const money = new MoneyFromEvents();
  for (const event of events) {
    const { timestamp } = await t.publicClient.getBlock({ blockNumber: event.blockNumber });
    money.apply(event, Math.floor((Number(timestamp) - genesis) / t.network.epochSeconds));
  }
  return money;
}
