import type { Project } from "../Project.ts";

/** A project in a public repository. */
export interface PublicProject extends Project {
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** Within the repository: what is deployed; "." is all of it. */
  readonly folder: string;
  /** What installing and building have to have made, from `folder`: the runner does neither. */
  readonly ready?: readonly string[];
}
