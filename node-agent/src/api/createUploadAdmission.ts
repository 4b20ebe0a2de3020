import { type NoCreditParameters, noCreditError, parseDeploymentCid } from "@worker3/sdk";
import type { ContentStore } from "../content/ContentStore.ts";
import { ApiError } from "./ApiError.ts";
import { deniedError } from "./deniedError.ts";
import { type IntentRules, verifyIntentHeader } from "./verifyIntentHeader.ts";

/** Uploads of a project at most that no version on chain names yet. */
export const MAX_UNNAMED_UPLOADS = 3;

/** Uploads of one CID at once at most that come without an intent: anyone may send what the chain names. */
const MAX_OPEN_UPLOADS = 4;

export interface UploadRules extends IntentRules {
  /** Bytes of a CAR at most. */
  readonly carBytes: number;
  readonly content: Pick<ContentStore, "has" | "list">;
  /** Whether the operator does not serve a content or a project. */
  readonly denies: (projectId: bigint | undefined, cid: string) => boolean;
  /** Bytes of a CAR that a project may bring now. @throws {ContentError} `NO_ROOM`: fewer than `needed`, or none. */
  readonly room: (projectId: bigint, needed: number | undefined) => number;
  /** The projects of which a version on chain names the CID. */
  readonly projectsNaming: (cid: string) => readonly bigint[];
  /** Whether the project has a seat on this node. */
  readonly hasSeat: (projectId: bigint) => boolean;
  /** What the project lacks to pay the next epoch, in base units; undefined where its credit is enough. */
  readonly missingCredit: (
    projectId: bigint,
  ) => Promise<MissingCredit | undefined> | MissingCredit | undefined;
}

export interface UploadRequest {
  readonly cid: string;
  /** The value of the `worker3-intent` header. */
  readonly intentHeader: string | undefined;
  /** Undefined where the body is chunked. */
  readonly contentLength: number | undefined;
}

/** Leave to send one CAR. */
export interface Admission {
  readonly projectId: bigint;
  /** Bytes of the CAR at most. */
  readonly maxBytes: number;
  /** Whether a version on chain names the CID. */
  readonly isNamed: boolean;
  /** Has to be called when the upload has ended, however it did. */
  release(): void;
}

export interface UploadAdmission {
  /**
   * Decides whether an upload may begin: a version on chain names the CID, or an intent does; the project has a seat
   * here and its credit pays; and it does not fill the disk. What is cheap to find out is found out first.
   *
   * @throws {ApiError} `DENIED`, `INTENT_MISSING`, `INTENT_OTHER_CID`, `UNKNOWN_PROJECT`, `NO_SEAT`, `UPLOAD_TOO_LARGE`,
   *   `UPLOAD_IN_PROGRESS`, `TOO_MANY_UPLOADS`; {ContentError} `NO_ROOM`; {CidError} `CID_BAD`; {SignatureError} as `verifyUploadIntent`;
   *   {Worker3Error} `NO_CREDIT`; {RpcError} The chain could not be asked.
   */
  admit(request: UploadRequest): Promise<Admission>;
}

/** The credit of a project that does not pay the next epoch. */
export type MissingCredit = Omit<NoCreditParameters, "projectId">;

interface Upload {
  readonly cid: string;
  readonly projectId: bigint;
  readonly isSigned: boolean;
}

/** The admission of one node. Keeps the uploads that are on their way. */
export function createUploadAdmission(rules: UploadRules): UploadAdmission {
  const running = new Set<Upload>();
  const isNamed = (cid: string): boolean => rules.projectsNaming(cid).length > 0;

  /** The first project that the chain names for the CID, that sits here and that pays. */
  async function namedProject(cid: string): Promise<bigint> {
    const projects = rules.projectsNaming(cid);
    if (projects.length === 0) {
      throw new ApiError({
        code: "INTENT_MISSING",
        message: "no version on chain names this CID, and the upload has no intent",
        value: cid,
        next: "sign an upload intent (worker3 deploy does), or deploy the version first",
      });
    }
    const seats = projects.filter((projectId) => rules.hasSeat(projectId));
    if (seats.length === 0) throw noSeat(projects[0]);
    const seated = seats.filter((projectId) => !rules.denies(projectId, cid));
    if (seated.length === 0) throw deniedError(String(seats[0]));
    let refusal: unknown;
    for (const projectId of seated) {
      try {
        await requireCredit(projectId);
        return projectId;
      } catch (error) {
        refusal ??= error;
      }
    }
    throw refusal;
  }

  async function requireCredit(projectId: bigint): Promise<void> {
    const missing = await rules.missingCredit(projectId);
    if (missing !== undefined) throw noCreditError({ projectId, ...missing });
  }

  function unnamedOf(projectId: bigint): number {
    const stored = rules.content.list().filter((row) => row.projectId === projectId);
    const cids = new Set(stored.map(({ cid }) => cid));
    for (const upload of running) if (upload.projectId === projectId) cids.add(upload.cid);
    return [...cids].filter((cid) => !isNamed(cid)).length;
  }

  /** Nothing waits in here, so that no two uploads take the last place. */
  function begin(upload: Upload): void {
    const { cid, projectId, isSigned } = upload;
    if (rules.content.has(cid)) return;
    // Those without an intent cannot keep out the owner, who has one.
    const alike = [...running].filter(
      (other) =>
        other.cid === cid && other.isSigned === isSigned && (!isSigned || other.projectId === projectId),
    );
    if (alike.length >= (isSigned ? 1 : MAX_OPEN_UPLOADS)) {
      throw new ApiError({
        code: "UPLOAD_IN_PROGRESS",
        message: "this CID is being uploaded already",
        value: cid,
        next: "wait for that upload to end",
      });
    }
    if (!isNamed(cid) && unnamedOf(projectId) >= MAX_UNNAMED_UPLOADS) {
      throw new ApiError({
        code: "TOO_MANY_UPLOADS",
        message: `the project has ${MAX_UNNAMED_UPLOADS} uploads here that no version on chain names`,
        value: String(projectId),
        next: "point the project at one of them, or wait: they are dropped after an hour",
      });
    }
    running.add(upload);
  }

  return {
    async admit({ cid, intentHeader, contentLength }) {
      const { digest } = parseDeploymentCid(cid);
      if (rules.denies(undefined, cid)) throw deniedError(cid);
      checkLength(contentLength, rules.carBytes);
      let projectId: bigint;
      let maxBytes = rules.carBytes;
      if (intentHeader === undefined) {
        projectId = await namedProject(cid);
      } else {
        const intent = await verifyIntentHeader(rules, {
          header: intentHeader,
          digest,
          check: (named) => {
            if (rules.denies(named, cid)) throw deniedError(String(named));
            if (!rules.hasSeat(named)) throw noSeat(named);
          },
        });
        ({ projectId } = intent);
        if (intent.bytes < BigInt(maxBytes)) maxBytes = Number(intent.bytes);
        checkLength(contentLength, maxBytes);
        await requireCredit(projectId);
      }
      if (!rules.content.has(cid)) maxBytes = Math.min(maxBytes, rules.room(projectId, contentLength));
      const upload = { cid, projectId, isSigned: intentHeader !== undefined };
      begin(upload);
      return { projectId, maxBytes, isNamed: isNamed(cid), release: () => void running.delete(upload) };
    },
  };
}

function checkLength(contentLength: number | undefined, maxBytes: number): void {
  if (contentLength === undefined || contentLength <= maxBytes) return;
  throw new ApiError({
    code: "UPLOAD_TOO_LARGE",
    message: `the CAR is larger than the ${maxBytes} bytes that are taken`,
    value: String(contentLength),
    next: "sign an intent with the CAR's length, or make the deployment smaller",
  });
}

function noSeat(projectId: bigint | undefined): ApiError {
  return new ApiError({
    code: "NO_SEAT",
    message: "this node has no seat in the project",
    value: String(projectId),
    next: "upload to the project's replicas: worker3 project show lists them",
  });
}
