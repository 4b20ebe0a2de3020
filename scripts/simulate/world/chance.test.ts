import assert from "node:assert/strict";
import { chance, normal } from "./chance.ts";

describe("chances that depend on nothing but their place", () => {
  const sample = (stream: number) => Array.from({ length: 10_000 }, (_, i) => chance(1, stream, i % 100, i));

  it("the same place has the same luck", () => {
    assert.equal(chance(1, 2, 3, 4), chance(1, 2, 3, 4));
    assert.notEqual(chance(1, 2, 3, 4), chance(1, 2, 4, 3));
    assert.notEqual(chance(1, 2, 3, 4), chance(2, 2, 3, 4));
  });

  it("are spread evenly, in every stream", () => {
    for (const stream of [1, 2, 7]) {
      const counts = Array.from({ length: 10 }, () => 0);
      for (const luck of sample(stream)) {
        assert.ok(luck >= 0 && luck < 1);
        const part = Math.floor(luck * 10);
        counts[part] = (counts[part] ?? 0) + 1;
      }
      for (const count of counts)
        assert.ok(Math.abs(count - 1_000) < 150, `${counts.join()} in stream ${stream}`);
    }
  });

  it("streams are independent of each other", () => {
    const [one, other] = [sample(3), sample(4)];
    const product =
      one.reduce((sum, luck, i) => sum + (luck - 0.5) * ((other[i] ?? 0) - 0.5), 0) / one.length;
    assert.ok(Math.abs(product) < 0.005, String(product));
  });

  it("normal deviates have mean 0 and variance 1", () => {
    const [one, other] = [sample(5), sample(6)];
    const deviates = one.map((luck, i) => normal(luck, other[i] ?? 0));
    const mean = deviates.reduce((sum, value) => sum + value, 0) / deviates.length;
    const variance = deviates.reduce((sum, value) => sum + value * value, 0) / deviates.length;
    assert.ok(Math.abs(mean) < 0.05 && Math.abs(variance - 1) < 0.08, `${mean} ${variance}`);
  });
});
