import type { Route } from "../../Route.ts";

/** Host name to route. A change of a project takes effect as a whole. */
export class RouteTable {
  readonly #byHost = new Map<string, Route>();
  readonly #byProject = new Map<string, Route>();

  /** @param host As `parseHost` gives it. */
  find(host: string): Route | undefined {
    return this.#byHost.get(host);
  }

  ofProject(projectId: string): Route | undefined {
    return this.#byProject.get(projectId);
  }

  set(route: Route): void {
    this.remove(route.projectId);
    this.#byProject.set(route.projectId, route);
    for (const host of route.hosts) this.#byHost.set(host, route);
  }

  remove(projectId: string): void {
    const old = this.#byProject.get(projectId);
    if (old === undefined) return;
    this.#byProject.delete(projectId);
    for (const host of old.hosts) {
      // A name that went over to another project is that one's.
      if (this.#byHost.get(host) === old) this.#byHost.delete(host);
    }
  }
}
