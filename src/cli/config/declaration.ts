import { DIALECT, type JsonSchema } from '../../model/json-schema.ts';
import { type Form, schemaOf } from './form.ts';
import { SETTINGS } from './settings.ts';
import { checkGlob, checkId, day, matching, severity, something } from './words.ts';

export const CONFIG_SCHEMA = 'podctl.config/v1';

type Keys = Record<string, Form>;

const globs = (describe: string): Form => ({ is: 'list', of: { is: 'text', word: checkGlob }, describe });

const IGNORE: Form = {
  is: 'map',
  keys: {
    check: { is: 'text', word: checkGlob, describe: 'Id of a check, or several such as "cni/*"' },
    subject: {
      is: 'text',
      word: something,
      describe: 'Name or id of what the finding is about; * stands for any text',
    },
    reason: { is: 'text', word: something, describe: 'Why it is accepted' },
    until: { is: 'text', word: day, describe: 'The last day on which it is; without it, for ever' },
  },
  required: ['check', 'subject', 'reason'],
};

/** The whole file. `options`: the form of what can be said to each check that takes options. */
export function configForm(options: Form): Form {
  return {
    is: 'map',
    keys: {
      schema: { is: 'text', word: matching(CONFIG_SCHEMA, /^podctl\.config\/v1$/) },
      checks: section('checks', {
        disable: globs('Checks that do not run unless their id is on the command line'),
        enable: globs('Of those, checks that run all the same'),
      }),
      severity: {
        is: 'table',
        key: checkGlob,
        of: { is: 'text', word: severity },
        describe: 'How bad the findings of a check are at most, in place of what it says itself',
      },
      options: { describe: 'What is said to a check', ...options },
      ignore: { is: 'list', of: IGNORE, describe: 'Findings that are accepted' },
      endpoints: section('endpoints', {}),
      folders: section('folders', {}),
      doctor: section('doctor', {}),
    },
    required: ['schema'],
  };
}

/** What a file may say before it is known which checks there are. */
export const CONFIG_FORM = configForm({ is: 'table', key: checkId, of: { is: 'anything' } });

/** `options`: as of `configForm`. */
export function configSchema(options: Form): JsonSchema {
  return {
    $schema: DIALECT,
    $id: CONFIG_SCHEMA,
    title: 'Configuration of podctl',
    ...schemaOf(configForm(options)),
  };
}

function section(name: string, more: Keys): Form {
  const settings = SETTINGS.filter(({ path }) => path[0] === name);
  return { is: 'map', keys: { ...more, ...Object.fromEntries(settings.map((s) => [s.path[1], s.form])) } };
}
