import { expect, test } from 'vitest';
import { parseCniEnviron } from '../../src/host/cni-environ.ts';

test('a call from an environment: three names, and only as whole names', () => {
  const environ =
    'X_CNI_COMMAND=NO\0CNI_ARGS=K8S_POD_NAME=web\0CNI_COMMAND=ADD\0CNI_NETNS=/a=b\nc\0CNI_CONTAINERID=x';
  expect(parseCniEnviron(environ)).toEqual({ command: 'ADD', containerId: 'x', netns: '/a=b\nc' });
  expect(parseCniEnviron('CNI_COMMAND=VERSION\0')).toEqual({
    command: 'VERSION',
    containerId: '',
    netns: '',
  });
  expect(parseCniEnviron('CNI_COMMAND=\0CNI_CONTAINERID=x\0')).toBeNull();
  expect(parseCniEnviron('')).toBeNull();
});
