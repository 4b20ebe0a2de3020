import { defineCommand, flag } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { registerLine } from "../../nodeState/nodeEndpoint.ts";
import { readNodeFile, writeNodeFile } from "../../nodeState/nodeFile.ts";
import { stateDirectory, stateOption } from "../../nodeState/stateOption.ts";

/** `worker3 node drain` */
export const drain = defineCommand({
  name: "drain",
  summary: "takes no new seats, and goes on serving those that the node has",
  description:
    "Makes a node full: it goes on saying that it lives, and serves the seats that it has, but takes no new ones. It writes that into the folder's configuration (presence.full); the agent says it on chain when it is started the next time. --undo takes new seats again.",
  options: { state: stateOption, undo: flag("--undo", "take new seats again") },
  examples: ["worker3 node drain", "worker3 node drain --undo"],
  async run(context, { state: given, undo }) {
    const state = stateDirectory(given);
    const file = await readNodeFile(state);
    const { nodeId, content } = file;
    if (nodeId === undefined) {
      throw new CliError({
        code: "NODE_NOT_REGISTERED",
        message: "The node of this folder is not on chain yet.",
        value: state,
        next: registerLine(file),
      });
    }
    const { presence } = content;
    const full = !undo;
    await writeNodeFile(state, { ...content, presence: { ...Object(presence), full } });
    context.out(
      { nodeId, full, state },
      `Node ${nodeId} takes ${full ? "no new seats" : "new seats again"} once its agent is started anew: worker3 node start`,
    );
  },
});
