import { OUTDATED_MANIFEST_PATH } from "../content/checkLayout.ts";
import { Worker3Error } from "../errors/Worker3Error.ts";

/** One thing that is wrong with a manifest or with the folder around it. */
export interface ManifestIssue {
  /** Where in the manifest, `bindings[1].name`, or the path of a file. */
  path: string;
  /** What is wrong, without the path. */
  message: string;
  /** The value at fault as JSON, shortened; absent when nothing is there. */
  value?: string | undefined;
}

/** Issues that the message shows; `issues` has all. */
const SHOWN_ISSUES = 10;

/**
 * `MANIFEST_INVALID`: `.worker3/manifest.json` is not a manifest. `DEPLOYMENT_INVALID`: the folder does not hold what it says.
 * The message begins with the first issue and goes on with the others; `value` is the first one's.
 */
export class ManifestError extends Worker3Error {
  readonly issues: readonly ManifestIssue[];

  constructor(
    code: "MANIFEST_INVALID" | "DEPLOYMENT_INVALID",
    issues: readonly [ManifestIssue, ...ManifestIssue[]],
    cause?: unknown,
  ) {
    const [first] = issues;
    const shown = issues.slice(0, SHOWN_ISSUES).map(({ path, message }) => `${path} ${message}`);
    const hidden = issues.length - shown.length;
    super({
      code,
      message: shown.join("; ") + (hidden > 0 ? `; and ${hidden} more` : ""),
      value: first.value ?? first.path,
      next: issues.some(isOutdated)
        ? "deploy the project again: its content is made anew"
        : "correct the project's configuration and pack again",
      cause,
    });
    this.issues = issues;
  }
}

/** Of content in another form than today's: the configuration that it was made of may be as good as ever. */
function isOutdated({ path }: ManifestIssue): boolean {
  return path === "manifest" || path === OUTDATED_MANIFEST_PATH;
}
