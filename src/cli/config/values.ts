import { entryAt, type Layer, textOf, textsOf } from './layer.ts';
import { nameOf, SETTINGS, type Setting } from './settings.ts';

/** What files say of a setting, and where. */
export interface Configured {
  setting: Setting;
  /** One of a text; any number of a list. */
  values: { text: string; file: string; line: number }[];
}

/** Each setting that some file says something about. */
export function configuredSettings(layers: readonly Layer[]): Configured[] {
  return SETTINGS.map((setting) => ({ setting, values: valuesOf(setting, layers) })).filter(
    ({ values, setting }) => values.length > 0 || isSaid(setting, layers),
  );
}

/** Values of one that files add to, by its name (`folders.checks`). */
export function listed(
  layers: readonly Layer[],
  name: 'folders.checks' | 'checks.packages',
): Configured['values'] {
  return configuredSettings(layers).find(({ setting }) => nameOf(setting) === name)?.values ?? [];
}

function valuesOf(setting: Setting, layers: readonly Layer[]): Configured['values'] {
  const saying = layers.filter((layer) => isSaid(setting, [layer]));
  const heard = setting.adds ? saying : saying.slice(-1);
  return heard.flatMap((layer) => {
    const value = entryAt(layer, ...setting.path)?.value;
    const { file } = layer;
    if (setting.form.is === 'list') return textsOf(value).map((one) => ({ ...one, file }));
    return value ? [{ text: textOf(value), file, line: value.line }] : [];
  });
}

function isSaid(setting: Setting, layers: readonly Layer[]): boolean {
  return layers.some((layer) => entryAt(layer, ...setting.path) !== undefined);
}
