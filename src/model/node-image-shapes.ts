import type { Facts, NodeProgram } from './facts.ts';
import { list, oneOf, record, type Shape, text } from './shape.ts';
import { maybeText } from './shapes-common.ts';

/** What is known of a node image itself. */
export const nodeImageShapes: { [N in 'nodeImage']: Shape<Facts[N]> } = {
  nodeImage: record<Facts['nodeImage']>({
    name: text,
    os: text,
    arch: text,
    programs: list(
      record<NodeProgram>({ name: oneOf('containerd', 'crio', 'kubelet'), path: text, version: maybeText }),
    ),
  }),
};
