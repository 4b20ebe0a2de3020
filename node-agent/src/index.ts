export type { NodeStatus } from "./admin/NodeStatus.ts";
export { type RunningAgent, type StartAgentOptions, startAgent } from "./agent.ts";
export { surviveRejections } from "./background/surviveRejections.ts";
export {
  type AgentConfig,
  type AgentConfigDocument,
  agentConfigSchema,
  ConfigError,
  parseAgentConfig,
  readAgentConfig,
} from "./config.ts";
export type { Check } from "./doctor/Check.ts";
export { type DoctorReport, runDoctor } from "./doctor/runDoctor.ts";
export { createLogger } from "./logging/createLogger.ts";
