export async function ownerCommand(): Promise<number> {
  return 2;
}
