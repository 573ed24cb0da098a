import type { ActionContext, Done } from '../context.ts';
import type { ActionOf } from './records.ts';

export async function pullImage(
  { endpoint, image }: ActionOf<'pull-image'>,
  context: ActionContext,
): Promise<Done> {
  const session = context.session(endpoint);
  const known = await session.call('ImageStatus', (c, options) =>
    c.image.imageStatus({ image: { image } }, options),
  );
  if (known.image !== undefined) return 'nothing';
  await session.call(
    'PullImage',
    (c, options) => c.image.pullImage({ image: { image } }, options),
    context.timeoutMs,
  );
  return 'done';
}
