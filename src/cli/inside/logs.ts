export async function logsCommand(): Promise<number> {
  return 2;
}
