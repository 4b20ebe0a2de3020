import assert from "node:assert/strict";
import { cronProblem } from "./cronProblem.ts";

describe("cronProblem", () => {
  // The examples of Cloudflare's page on cron triggers, and one for each rule.
  const good = [
    "* * * * *",
    "*/30 * * * *",
    "45 * * * *",
    "0 17 * * sun",
    "0 17 * * 1",
    "10 7 * * mon-fri",
    "10 7 * * 2-6",
    "0 15 1 * *",
    "0 18 * * 6L",
    "0 18 * * friL",
    "59 23 LW * *",
    "0 0 L * *",
    "0 0 15W * *",
    "0 0 * * MON#2",
    "0,15,30-40/5 0-23 1,31 JAN,mar-Dec *",
    "59 23 31 12 7",
    "5/10 * * * *",
  ];
  for (const cron of good) it(`takes "${cron}"`, () => assert.equal(cronProblem(cron), undefined));

  const bad = [
    "",
    "*",
    "* * * * * *",
    "60 * * * *",
    "-1 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * 32 * *",
    "* * * 0 *",
    "* * * 13 *",
    "* * * * 0",
    "* * * * 8",
    "* * * * monday",
    "* * * foo *",
    "jan * * * *",
    "*/0 * * * *",
    "*/60 * * * *",
    "*/ * * * *",
    "5-1 * * * *",
    "* * * * fri-mon",
    "1,, * * * *",
    ",1 * * * *",
    "1- * * * *",
    "*-5 * * * *",
    "1.5 * * * *",
    "L * * * *",
    "* * 32W * *",
    "* * * * 1#6",
    "@daily",
    "* * * * ?",
    "000 * * * *",
    "* * * L *",
  ];
  for (const cron of bad) it(`refuses "${cron}"`, () => assert.notEqual(cronProblem(cron), undefined));
});
