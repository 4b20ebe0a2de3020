export async function writeTable(): Promise<void> {}
