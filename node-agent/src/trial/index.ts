export { type StartTrial, type TryStartOptions, tryStart } from "./tryStart.ts";
