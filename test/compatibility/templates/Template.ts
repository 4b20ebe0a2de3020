import type { Project } from "../Project.ts";

/** A project that a template or a generator of an npm package makes. */
export interface Template extends Project {
  /** Package and template, for the table. */
  readonly source: string;
  /** Makes it, and builds it where its author would. */
  make(folder: string): Promise<Made>;
}

export interface Made {
  /** What is deployed: the project, or what its build made. */
  readonly directory: string;
}
