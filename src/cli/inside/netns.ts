export async function netnsCommand(): Promise<number> {
  return 2;
}
