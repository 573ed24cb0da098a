import type { Facts } from './facts.ts';
import { amount, flag, list, nullable, oneOf, record, type Shape, text, whole } from './shape.ts';
import { maybeText, maybeWhole } from './shapes-common.ts';
import type {
  CriDockerdFact,
  CrioStorageFact,
  DockerSandbox,
  PodmanContainer,
  PodmanFact,
  PodmanPlace,
  StoredSandbox,
} from './storage-facts.ts';

type StorageFactName = 'crioStorage' | 'podman' | 'criDockerd';
type Shutdown = CrioStorageFact['shutdown'];

/** What CRI-O, podman and cri-dockerd keep besides what CRI tells. */
export const storageShapes: { [N in StorageFactName]: Shape<Facts[N]> } = {
  crioStorage: record<CrioStorageFact>({
    root: text,
    sandboxes: list(
      record<StoredSandbox>({
        id: text,
        pod: text,
        uid: text,
        createdAt: amount,
        spec: record<StoredSandbox['spec']>({ path: text, state: oneOf('there', 'missing', 'empty') }),
      }),
    ),
    shm: list(record<CrioStorageFact['shm'][number]>({ sandboxId: text, path: text, mtime: amount })),
    shutdown: record<Shutdown>({
      versionFile: record<Shutdown['versionFile']>({ path: text, isThere: flag }),
      clean: nullable(record<NonNullable<Shutdown['clean']>>({ path: text, isThere: flag, supported: flag })),
    }),
  }),
  podman: record<PodmanFact>({
    places: list(
      record<PodmanPlace>({
        uid: whole,
        tmpDir: text,
        aliveAt: nullable(amount),
        pause: nullable(
          record<NonNullable<PodmanPlace['pause']>>({
            path: text,
            pid: maybeWhole,
            state: oneOf('alive', 'gone', 'other'),
          }),
        ),
        containers: list(
          record<PodmanContainer>({
            id: text,
            name: text,
            podId: maybeText,
            isInfra: flag,
            netns: text,
          }),
        ),
        conmons: whole,
        unwatched: list(whole),
      }),
    ),
  }),
  criDockerd: record<CriDockerdFact>({
    pid: whole,
    image: maybeText,
    rootDir: text,
    checkpoints: list(
      record<CriDockerdFact['checkpoints'][number]>({
        path: text,
        sandboxId: text,
        state: oneOf('whole', 'empty', 'malformed'),
        mtime: amount,
      }),
    ),
    docker: nullable(
      list(record<DockerSandbox>({ id: text, name: text, state: text, createdAt: amount, image: text })),
    ),
    why: text,
  }),
};
