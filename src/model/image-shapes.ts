import type { Facts } from './facts.ts';
import type {
  ImageStoreFact,
  PauseContentFact,
  PauseProgram,
  StoredImage,
  StrayImage,
} from './image-facts.ts';
import { amount, flag, list, nullable, oneOf, record, type Shape, text } from './shape.ts';
import { maybeWhole, texts } from './shapes-common.ts';

const stored = { name: text, digest: text, labels: texts };

/** Facts about the sandbox image beyond CRI's list. */
export const imageShapes: { [N in 'imageStore' | 'pauseContent']: Shape<Facts[N]> } = {
  imageStore: record<ImageStoreFact>({
    images: list(record<StoredImage>(stored)),
    elsewhere: list(
      record<StrayImage>({ ...stored, store: oneOf('namespace', 'docker', 'podman'), place: text }),
    ),
  }),
  pauseContent: record<PauseContentFact>(
    {
      image: text,
      imageId: text,
      architecture: text,
      entrypoint: text,
      program: nullable(
        record<PauseProgram>({
          path: text,
          kind: oneOf('elf', 'script', 'empty', 'other', 'missing'),
          size: amount,
          executable: flag,
          machine: maybeWhole,
        }),
      ),
      emulators: list(text),
      since: amount,
    },
    'since',
  ),
};
