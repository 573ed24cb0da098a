import { expect, test } from 'vitest';
import leftBehind from '../../../checks/canary/left-behind.ts';
import { addPod, bareProcess, DAY, healthyNode, id, judge, NOW, OLD_TICKS } from '../../support/node.ts';

/** A sandbox of that name, a day old; `from` podctl's own or the runtime's. */
function withSandbox(name: string, namespace = 'podctl', provider?: 'podctl') {
  const node = healthyNode();
  const meta = { name, namespace, uid: 'u', attempt: 0, runtimeHandler: '' };
  const own = provider === undefined ? {} : { provider };
  node.sandboxes.push({ ...meta, id: id('ca'), state: 'ready', createdAt: NOW - DAY, ...own });
  return node;
}

const NAME = `podctl-canary-700-${OLD_TICKS}`;

test('the sandbox of a canary whose process is gone is found, with its cure', async () => {
  const { findings } = await judge(leftBehind, withSandbox(NAME));
  expect(findings.map((f) => [f.message, f.subject.id, f.severity])).toEqual([
    [`${NAME} was left by a canary that was killed (process 700)`, id('ca'), 'warning'],
  ]);
  expect(findings[0]?.remedies.map(({ commands }) => commands)).toEqual([
    [expect.stringMatching(/^podctl gc sandboxes/)],
    [expect.stringMatching(/stopp ca/), expect.stringMatching(/rmp ca/)],
  ]);
  const own = await judge(leftBehind, withSandbox(NAME, 'podctl', 'podctl'));
  expect(own.findings[0]?.remedies[1]?.commands).toEqual([`podctl sandbox rm -f ${NAME}`]);
});

test('another process of the same number does not make it any less', async () => {
  const node = withSandbox(NAME);
  node.processes.push({ ...bareProcess(700, 'node'), startTicks: OLD_TICKS + 1 });
  expect((await judge(leftBehind, node)).findings).toHaveLength(1);
});

test('a canary on its way, a young one, and pods of others are none', async () => {
  const flying = withSandbox(NAME);
  flying.processes.push(bareProcess(700, 'node'));
  const young = withSandbox(NAME);
  for (const sandbox of young.sandboxes) if (sandbox.name === NAME) sandbox.createdAt = NOW - 1000;
  const pods = healthyNode();
  addPod(pods, 40, 'podctl-canary');
  for (const node of [flying, young, withSandbox(NAME, 'default'), withSandbox('podctl-canary-x'), pods])
    expect((await judge(leftBehind, node)).findings).toEqual([]);
});
