import { expect, test } from 'vitest';
import { flagDiff } from '../../../src/remedy/config-edit/diff.ts';
import { editFlag } from '../../../src/remedy/config-edit/flag.ts';

const NAME = 'pod-infra-container-image';
const FLAG = `--${NAME}`;

test.each([
  [`KUBELET_KUBEADM_ARGS="--a=1 ${FLAG}=r/pause:3.9"\n`, 'KUBELET_KUBEADM_ARGS="--a=1"\n'],
  [`KUBELET_KUBEADM_ARGS="${FLAG}=r/pause:3.9 --a=1"\n`, 'KUBELET_KUBEADM_ARGS="--a=1"\n'],
  [`KUBELET_KUBEADM_ARGS="--a=1 ${FLAG}=r/pause:3.9 --b"`, 'KUBELET_KUBEADM_ARGS="--a=1 --b"'],
  [`A=${FLAG}=x\nB=1\n`, 'A=\nB=1\n'],
  [`A="${FLAG} x:1 --b"`, 'A="--b"'],
  [`Environment="A=${FLAG}=x" "B=1"`, 'Environment="A=" "B=1"'],
  [`ExecStart=/usr/bin/kubelet "${FLAG}=x" --b\n`, 'ExecStart=/usr/bin/kubelet --b\n'],
  [`ExecStart=/usr/bin/kubelet ${FLAG}='x' --b`, 'ExecStart=/usr/bin/kubelet --b'],
  [`ExecStart=/k \\\n  ${FLAG}=x \\\n  --b\n`, 'ExecStart=/k \\\n  \\\n  --b\n'],
  [`ExecStart=/k \\\n  --b \\\n  ${FLAG}=$P\n\n[Install]\n`, 'ExecStart=/k \\\n  --b \\\n  \n\n[Install]\n'],
  [`# ${FLAG}=x\nA=-${NAME}=y ${FLAG}=z\r\n`, `# ${FLAG}=x\nA=\r\n`],
  ['A=1\n', 'A=1\n'],
])('%j without the flag is %j', (before, after) => {
  expect(editFlag(before, NAME, null)).toBe(after);
  expect(editFlag(after, NAME, null)).toBe(after);
});

test('a flag is given another value in its place', () => {
  const text = (value: string) => `A="--a ${FLAG}=${value} --b"\nB=${FLAG} '${value}'\n`;
  expect(editFlag(text('r/pause:3.6'), NAME, 'r/pause:3.9')).toBe(text('r/pause:3.9'));
});

test.each([
  ['a quote within quotes', `A="${FLAG}=\\"x\\" --b"`],
  ['a value in the next line', `ExecStart=/k ${FLAG} \\\n  x --b`],
  ['a line that goes on behind the value', `ExecStart=/k ${FLAG}=x\\\n  --b`],
  ['a value of several words in quotes', `A=${FLAG}="x"y`],
])('%s is left to the operator', (_, text) => {
  expect(() => editFlag(text, NAME, null)).toThrow('edit it by hand');
});

test('what is shown of it is the line that changes, without secrets', async () => {
  const before = `X=1\nP=http://u:p@h\nA="--token=abc --auth-token def --a ${FLAG}=x"\nY=1\n`;
  const shown = await flagDiff('/e', before, editFlag(before, NAME, null));
  expect(shown.split('\n').slice(2)).toEqual([
    '@@ -3,1 +3,1 @@',
    `-A="--token=... --auth-token ... --a ${FLAG}=x"`,
    '+A="--token=... --auth-token ... --a"',
    '',
  ]);
});
