import type { ConfigFile, RuntimeConfigFact } from '../../model/facts.ts';
import { compareVersions } from '../../model/pause-versions.ts';
import type { ConfigEdit } from '../../model/plan.ts';
import { CRIO_IMAGE_PATH, IMAGE_PATHS, type Place } from '../../model/sandbox-image-keys.ts';

/**
 * What makes a file name the sandbox image at the place that this release reads in it, and nowhere else; with null
 * only the second. `version`: of the runtime.
 */
export function imageEdits(
  { runtime, files }: Pick<RuntimeConfigFact, 'runtime' | 'files'>,
  version: string,
  file: ConfigFile,
  image: string | null,
): ConfigEdit[] {
  if (runtime === 'crio') return image === null ? [] : [{ key: CRIO_IMAGE_PATH, value: image }];
  const right = placeIn(files, version, file);
  const others = (Object.keys(IMAGE_PATHS) as Place[]).filter((place) => place !== right);
  return [
    ...others.map((place) => ({ key: IMAGE_PATHS[place], value: null })),
    ...(image === null ? [] : [{ key: IMAGE_PATHS[right], value: image }]),
  ];
}

/** Where a release reads the sandbox image in a file, given the versions that it and the others declare. */
function placeIn(files: readonly ConfigFile[], version: string, file: ConfigFile): Place {
  const declared = files.map((f) => f.version).filter((v) => v > 1);
  if (compareVersions(version, '2.0.0') < 0) return declared.length === 0 ? 'v1' : 'v2';
  // From 2.3 each file is migrated by itself; before, what they are together.
  const decisive = compareVersions(version, '2.3.0') >= 0 ? file.version : (declared.at(-1) ?? 3);
  return decisive === 2 ? 'v2' : 'v3';
}
