import type { CheckMeta } from '../../model/check.ts';
import { CONFIG_SCHEMA } from './declaration.ts';
import type { Layer } from './layer.ts';
import { type Origin, offBy, optionsBy, severityBy } from './rules.ts';
import { SETTINGS, type Setting } from './settings.ts';
import { ignoresOf } from './settle.ts';
import { configuredSettings } from './values.ts';

type Value = string | number | boolean | readonly string[] | Record<string, string>;

/** A value that holds, and who says so: a file with its line, a variable, or `default`. */
export interface Held {
  path: (string | number)[];
  value: Value;
  origin: string;
}

/** All that holds on this node, in the order of a file; `stateDir` is where nobody says so. What is found out only when it is needed is left out. */
export function effective(
  layers: readonly Layer[],
  metas: readonly CheckMeta[],
  env: Record<string, string | undefined>,
  stateDir: string,
): Held[] {
  const settings = settingsHeld(layers, env, stateDir);
  const of = (section: string) => settings.filter(({ path }) => path[0] === section);
  return [
    { path: ['schema'], value: CONFIG_SCHEMA, origin: 'default' },
    ...disabled(layers, metas),
    ...of('checks'),
    ...metas.flatMap(({ id }) => {
      const said = severityBy(id, layers);
      return said ? [{ path: ['severity', id], value: said.severity, origin: placeOf(said) }] : [];
    }),
    ...metas.flatMap((meta) => optionsHeld(meta, layers)),
    ...ignored(layers),
    ...of('endpoints'),
    ...of('folders'),
    ...of('doctor'),
  ];
}

/** The same as a file would say it. */
export function asFile(held: readonly Held[]): Record<string, unknown> {
  const file: Record<string, unknown> = {};
  for (const { path, value } of held) put(file, path, value);
  return file;
}

function put(
  into: Record<string, unknown> | unknown[],
  path: readonly (string | number)[],
  value: Value,
): void {
  const [key = '', ...rest] = path;
  const box = into as Record<string | number, unknown>;
  if (rest.length === 0) {
    box[key] = value;
    return;
  }
  box[key] ??= typeof rest[0] === 'number' ? [] : {};
  put(box[key] as Record<string, unknown>, rest, value);
}

function disabled(layers: readonly Layer[], metas: readonly CheckMeta[]): Held[] {
  const off = metas.flatMap(({ id }) => {
    const by = offBy(id, layers);
    return by ? [{ id, by }] : [];
  });
  return off.map(({ id, by }, i) => ({ path: ['checks', 'disable', i], value: id, origin: placeOf(by) }));
}

function optionsHeld({ id, options = {} }: CheckMeta, layers: readonly Layer[]): Held[] {
  const said = optionsBy(id, layers);
  return Object.entries(options).map(([name, declared]) => {
    const by = said.get(name);
    return {
      path: ['options', id, name],
      value: by?.value ?? declared.default,
      origin: by ? placeOf(by) : 'default',
    };
  });
}

function ignored(layers: readonly Layer[]): Held[] {
  return layers.flatMap(ignoresOf).map(({ check, subject, reason, until, file, line }, i) => ({
    path: ['ignore', i],
    value: { check, subject, reason, ...(until === '' ? {} : { until }) },
    origin: placeOf({ file, line }),
  }));
}

function settingsHeld(
  layers: readonly Layer[],
  env: Record<string, string | undefined>,
  stateDir: string,
): Held[] {
  const configured = new Map(configuredSettings(layers).map((one) => [one.setting, one.values]));
  return SETTINGS.flatMap((setting): Held[] => {
    const path = [...setting.path];
    const said = env[setting.variable];
    if (said)
      return [
        {
          path,
          value: shaped(setting, setting.form.is === 'list' ? said.split(':') : [said]),
          origin: setting.variable,
        },
      ];
    const values = configured.get(setting);
    const [first] = values ?? [];
    if (values)
      return [
        {
          path,
          value: shaped(
            setting,
            values.map(({ text }) => text),
          ),
          origin: first ? placeOf(first) : 'default',
        },
      ];
    const value = setting.variable === 'PODCTL_STATE_DIR' ? stateDir : setting.fallback;
    return value === '' ? [] : [{ path, value, origin: 'default' }];
  });
}

function shaped({ form }: Setting, texts: readonly string[]): Value {
  return form.is === 'list' ? texts : (texts[0] ?? '');
}

function placeOf({ file, line }: Origin): string {
  return `${file}:${line}`;
}

/** `doctor.failOn`, as one looks for it. */
export function keyOf({ path }: Held): string {
  return path.join('.');
}
