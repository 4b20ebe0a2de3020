import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { CHROMIUM } from "../../../scripts/interop/peers.ts";

export interface Chromium {
  version: string;
  page: Page;
  /** What went wrong in the page so far: errors and warnings on its console, and exceptions. */
  problems: string[];
  close(): Promise<void>;
}

/** A real Chromium without a window, with a profile of its own that is new and empty. */
export async function openChromium(): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), "worker3-chromium-"));
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM.path,
      headless: true,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
      // Without it Chromium finds no file whose name is not ASCII.
      env: { ...process.env, LC_ALL: "C.UTF-8" },
      timeout: 60_000,
    });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()))
        problems.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
    return {
      version: context.browser()?.version() ?? "unknown",
      page,
      problems,
      async close() {
        await context.close();
        await rm(profile, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(profile, { recursive: true, force: true });
    throw error;
  }
}
