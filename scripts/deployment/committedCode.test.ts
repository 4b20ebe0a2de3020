import assert from "node:assert/strict";
import { committedArtifacts } from "../../ignition/artifacts.ts";
import { checkDeployment } from "./checkDeployment.ts";
import { startDeployment } from "./testing/startDeployment.ts";

describe("a deployment of the code in git, as the devnet makes it", function () {
  this.timeout(120_000);

  it("is, check by check, what a build and the parameters declare", async () => {
    await using deployment = await startDeployment({ artifacts: committedArtifacts() });
    const { rows } = await checkDeployment(deployment);
    assert.ok(rows.length > 100, `${rows.length} checks`);
    assert.deepEqual(
      rows.filter(({ ok }) => !ok),
      [],
    );
  });

  it("does not begin where the code of a contract is missing", async () => {
    const artifacts = new Map(committedArtifacts());
    artifacts.delete("CreditEscrow");
    await assert.rejects(startDeployment({ artifacts }), /no code of CreditEscrow/);
  });
});
