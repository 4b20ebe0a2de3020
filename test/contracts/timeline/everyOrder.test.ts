import { attempts, setStage } from "./stage.ts";
import { networkHelpers } from "../support/network.ts";
import { after, firstWorld } from "./world.ts";
describe("x", () => {
  it("y", async () => {
    const stage = await setStage(1);
    const world = firstWorld(stage.start, stage.usage);
    const s = performance.now();
    for (let i = 0; i < 100; i++) await stage.compare(world, attempts.map(({ event, by }) => after(world, event, by)), () => "nothing");
    console.log((performance.now() - s) / 100);
  });
});
