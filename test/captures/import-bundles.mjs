// config.json of every bundle that a captured node had, cut down to what collectors read.
import fs from 'node:fs';
import path from 'node:path';

const CONTAINERD = '/run/containerd/io.containerd.runtime.v2.task/k8s.io';
const CRIO = '/run/containers/storage/overlay-containers';

/** Files of the bundles: path to text. The specifications come with the CRI answers of the set. */
export function bundles(set, { specs }) {
  const files = {};
  const tree = fs.readdirSync(path.join(set, 'disk')).find((n) => n === 'runroot-tree.txt' || n === 'state-tree.txt');
  const text = fs.readFileSync(path.join(set, 'disk', tree), 'utf8');
  for (const [, file, id] of text.matchAll(/ (\/run\S*\/([0-9a-f]{64})\/(?:userdata\/)?config\.json)( |$)/gm)) {
    if (!file.startsWith(CONTAINERD) && !file.startsWith(CRIO)) continue;
    if (specs[id]) files[file] = JSON.stringify(reduced(specs[id]));
  }
  return files;
}

function reduced(spec) {
  const { ociVersion, annotations, linux } = spec;
  return { ociVersion, annotations, linux: { cgroupsPath: linux?.cgroupsPath, namespaces: linux?.namespaces } };
}
