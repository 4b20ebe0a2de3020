import type { PublicProject } from "./PublicProject.ts";
import { REFUSED_PROJECTS } from "./refused.ts";
import { SERVED_PROJECTS } from "./served.ts";

/** What `npm run test:projects` tries, in the order of the table. */
export const PUBLIC_PROJECTS: readonly PublicProject[] = [...SERVED_PROJECTS, ...REFUSED_PROJECTS];
