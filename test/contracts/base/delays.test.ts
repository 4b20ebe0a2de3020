import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const read = async (network: string) =>
  JSON.parse(
    await readFile(join(import.meta.dirname, "../../../ignition/parameters", `${network}.json`), "utf8"),
  ).Worker3;

const DAY = 86_400;
/** From when on the delays of grants count that a deployment sets: `minSetback` of OpenZeppelin's access manager. */
const SETBACK = 5 * DAY;
/** For the owner of a node to hear of an announcement and ask for the stake. */
const TO_NOTICE = 2 * DAY;

describe("The delays of the live network", () => {
  for (const delay of ["parameterDelaySeconds", "adminDelaySeconds"] as const) {
    it(`${delay}: a stake asked back when another arbiter is announced is gone before that one decides`, async () => {
      const parameters = await read("live");
      const { stakeThaw, epochSeconds } = parameters.times;
      // Asked back in the last second or the first of an epoch: it leaves at most stakeThaw + 1 epochs later.
      const leaves = TO_NOTICE + (stakeThaw + 1) * epochSeconds;
      assert.ok(parameters[delay] >= leaves, `${parameters[delay]} s, and the stake needs ${leaves} s`);
    });

    it(`${delay} is 24 days`, async () => assert.equal((await read("live"))[delay], 24 * DAY));
  }

  it("adminDelaySeconds: no grant comes before grants wait", async () => {
    const { adminDelaySeconds } = await read("live");
    assert.ok(adminDelaySeconds > SETBACK, `${adminDelaySeconds} s, and grants wait after ${SETBACK} s`);
  });
});
