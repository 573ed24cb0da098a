import type { Facts, KubeletSetting, Resolver } from './facts.ts';
import { amount, flag, list, nullable, oneOf, record, type Shape, text, whole } from './shape.ts';
import { maybeText } from './shapes-common.ts';

type Config = Facts['kubeletConfig'];

const setting = record<KubeletSetting>({ value: text, at: text });

/** How kubelet is set up. */
export const kubeletConfigShapes: { kubeletConfig: Shape<Config> } = {
  kubeletConfig: record<Config>(
    {
      endpoint: nullable(setting),
      files: list(record<Config['files'][number]>({ path: text, mtime: amount, error: maybeText })),
      cgroupDriver: nullable(setting),
      imageGcHighPercent: nullable(setting),
      resolver: nullable(
        record<Resolver>({
          value: text,
          at: text,
          origin: oneOf('flag', 'file', 'default'),
          state: oneOf('there', 'missing', 'unseen', 'atBoot'),
          leadsTo: text,
        }),
      ),
      pauseFlags: list(
        record<Config['pauseFlags'][number]>({ file: text, line: whole, value: text, mtime: amount }),
      ),
      oldFlags: list(
        record<NonNullable<Config['oldFlags']>[number]>({
          flag: text,
          file: text,
          line: whole,
          mtime: amount,
        }),
      ),
      isKubeadms: flag,
      installedVersion: maybeText,
    },
    'endpoint',
    'oldFlags',
  ),
};
