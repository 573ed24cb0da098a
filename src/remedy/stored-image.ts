import { RpcError } from '../cri/session.ts';
import type { RemedyContext } from './context.ts';

/** An image by its name in one of containerd's namespaces. */
export interface StoredName {
  endpoint: string;
  namespace: string;
  image: string;
}

/** The digest that a name stands for; null where there is no such name. Throws RpcError. */
export async function storedDigest(
  { endpoint, namespace, image }: StoredName,
  { session }: Pick<RemedyContext, 'session'>,
): Promise<string | null> {
  try {
    const answer = await session(endpoint).call('Images/Get', (c, o) =>
      c.images.get({ name: image }, { ...o, headers: { 'containerd-namespace': namespace } }),
    );
    return answer.image?.target?.digest ?? null;
  } catch (error) {
    if (error instanceof RpcError && error.failure.notFound === true) return null;
    throw error;
  }
}
