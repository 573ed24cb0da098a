// The captured node with podman alone: what of its containers collectors read. Called by import.mjs.
import fs from 'node:fs';
import path from 'node:path';

const STORAGE = '/var/lib/containers/storage';

/** Files of podman's storage and state, and the moment at which the first container was made: RFC 3339. */
export function podman(set) {
  const inspect = path.join(set, 'podman/inspect');
  const all = fs
    .readdirSync(inspect)
    .flatMap((name) => JSON.parse(fs.readFileSync(path.join(inspect, name), 'utf8')));
  const files = { '/run/libpod/alive': '', [`${STORAGE}/libpod/bolt_state.db`]: '' };
  const list = fs.readFileSync(
    path.join(set, `disk/files${STORAGE}/overlay-containers/containers.json`),
    'utf8',
  );
  files[`${STORAGE}/overlay-containers/containers.json`] = list;
  for (const one of all) {
    if (one.State.Status === 'exited' && !one.Pod) continue;
    files[`${STORAGE}/overlay-containers/${one.Id}/userdata/config.json`] = JSON.stringify(specOf(one, all));
  }
  return { files, containers: all };
}

/** Pod and network namespace, as podman's own config.json has them. */
function specOf({ Id, Pod, NetworkSettings, HostConfig, State }, all) {
  const joined = /^container:([0-9a-f]{64})$/.exec(HostConfig.NetworkMode)?.[1];
  const infra = all.find((other) => other.Id === joined);
  const network = infra ? `/proc/${infra.State.Pid}/ns/net` : NetworkSettings.SandboxKey;
  return {
    annotations: { 'io.container.manager': 'libpod' },
    linux: {
      cgroupsPath: State.CgroupPath || `/libpod_parent/${Pod}/libpod-${Id}`,
      namespaces: [...(network ? [{ type: 'network', path: network }] : []), { type: 'mount' }],
    },
  };
}
