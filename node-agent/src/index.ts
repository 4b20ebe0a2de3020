export type { NodeStatus } from "./admin/NodeStatus.ts";
export { type RunningAgent, type StartAgentOptions, startAgent } from "./agent.ts";
export {
  type AgentConfig,
  type AgentConfigDocument,
  agentConfigSchema,
  ConfigError,
  parseAgentConfig,
  readAgentConfig,
} from "./config.ts";
