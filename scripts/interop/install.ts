/** Runs an installer, prints what it says and how long it took, and sets the exit code. */
export async function install(name: string, installer: () => Promise<string>): Promise<void> {
  const started = performance.now();
  try {
    const result = await installer();
    console.log(`${name}: ${result} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    console.error(`${name} is not installed. ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
