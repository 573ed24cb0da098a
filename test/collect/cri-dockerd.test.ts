import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkpointState, criDockerdCollector } from '../../src/collect/cri-dockerd.ts';
import { parseDockerList } from '../../src/collect/docker-list.ts';
import { daemon, lookAt, running } from '../support/look-at.ts';
import { listenAt, plant, temporaryFolder } from '../support/node-tree.ts';

const ID = 'c'.repeat(64);
const NAME = 'k8s_POD_web_shop_u1_0';
const LISTED = [
  {
    Id: ID,
    Names: [`/${NAME}`],
    State: 'exited',
    Created: 1_795_380_000,
    Image: 'registry.k8s.io/pause:3.9',
  },
  { Id: 'short', Names: ['/other'], State: 'exited' },
];

/** Docker's side of the API at a socket, as far as one question goes; gives what was asked. */
async function docker(root: string, status: string, body: string): Promise<string[]> {
  const asked: string[] = [];
  await listenAt(`${root}/run/docker.sock`, (connection) => {
    connection.on('data', (data) => {
      asked.push(data.toString().split('\r\n')[0] ?? '');
      connection.end(
        `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    });
  });
  return asked;
}

function criDockerd(flags: Record<string, string> = {}) {
  return [running(daemon('cri-dockerd', flags)), criDockerdCollector];
}

describe('criDockerd', () => {
  it('is absent where cri-dockerd does not run, whatever it left', async () => {
    const root = temporaryFolder();
    plant(root, { [`/var/lib/cri-dockerd/sandbox/${ID}`]: '' });
    const facts = await lookAt(root, [running(daemon('containerd')), criDockerdCollector], ['criDockerd']);
    expect(facts.criDockerd).toMatchObject({ status: 'absent', reason: 'cri-dockerd does not run' });
  });

  it('has its flags, its checkpoints and what Docker has for it', async () => {
    const root = temporaryFolder();
    plant(root, {
      [`/srv/cri/sandbox/${ID}`]: '{"version":"v1","data":{},"checksum":1}',
      [`/srv/cri/sandbox/${'d'.repeat(64)}`]: '',
      [`/srv/cri/sandbox/${'e'.repeat(64)}`]: '{"version":"v1","na',
      '/srv/cri/sandbox/.123456789': '',
    });
    fs.symlinkSync('/etc/shadow', `${root}/srv/cri/sandbox/${'f'.repeat(64)}`);
    const asked = await docker(root, '200 OK', JSON.stringify(LISTED));
    const flags = {
      'cri-dockerd-root-directory': '/srv/cri',
      'pod-infra-container-image': 'registry.k8s.io/pause:3.10',
    };
    const { criDockerd: fact } = await lookAt(root, criDockerd(flags), ['criDockerd']);
    expect(fact).toMatchObject({
      status: 'complete',
      value: {
        image: 'registry.k8s.io/pause:3.10',
        rootDir: '/srv/cri',
        docker: [{ id: ID, name: NAME, state: 'exited', createdAt: 1_795_380_000_000 }],
        why: '',
      },
    });
    if (fact?.status !== 'complete') throw new Error('not read');
    expect(fact.value.checkpoints.map(({ state }) => state)).toEqual(['whole', 'empty', 'malformed']);
    expect(decodeURIComponent(asked[0] ?? '')).toBe(
      'GET /containers/json?all=true&filters={"label":["io.kubernetes.docker.type=podsandbox"]} HTTP/1.1',
    );
  });

  it.each([
    ['500 Internal Server Error', '{}', 'answered 500'],
    ['200 OK', '{"message":"no"}', 'the answer is no list of containers'],
  ])('says why Docker did not list them: %s', async (status, body, why) => {
    const root = temporaryFolder();
    await docker(root, status, body);
    const { criDockerd: fact } = await lookAt(root, criDockerd(), ['criDockerd']);
    expect(fact).toMatchObject({ status: 'complete', value: { docker: null, image: null } });
    expect(fact?.status === 'complete' && fact.value.why).toContain(why);
  });

  it('does not ask a Docker of another machine, and says when nobody listens', async () => {
    const root = temporaryFolder();
    const far = await lookAt(root, criDockerd({ 'docker-endpoint': 'tcp://10.0.0.1:2375' }), ['criDockerd']);
    expect(far.criDockerd).toMatchObject({
      value: { docker: null, why: 'Docker is not asked over a network' },
    });
    const none = await lookAt(root, criDockerd(), ['criDockerd']);
    expect(none.criDockerd).toMatchObject({
      value: { docker: null, why: expect.stringMatching(/^\/run\/docker.sock: /) },
    });
  });
});

it('tells checkpoints apart', () => {
  expect(['', ' \n', '{', '[]', 'null', '{}'].map(checkpointState)).toEqual([
    ...['empty', 'empty', 'malformed', 'malformed', 'malformed', 'whole'],
  ]);
});

it.each(['', '{}', 'null', '[{"Id":5}]', '[null, 1, "a"]'])('takes nothing from %s', (text) => {
  expect(parseDockerList(text) ?? []).toEqual([]);
});
