export async function inspectCommand(): Promise<number> {
  return 2;
}
