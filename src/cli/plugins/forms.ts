import { type Form, LONGEST } from '../config/form.ts';
import { among, checkGlob, deadline, factName, matching, severity, something } from '../config/words.ts';
import { parseDeadline } from '../duration.ts';

export const CHECK_SCHEMA = 'podctl.check/v1';

/** Ids of built-in checks have no dot in their area, so that none is ever taken. */
export const FOREIGN_ID = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/;

const MOST_OUTPUT = 1024 * 1024;
const LONGEST_RUN_MS = 60_000;

const text: Form = { is: 'text', word: something };
const texts: Form = { is: 'list', of: text };
const facts: Form = { is: 'list', of: { is: 'text', word: factName } };
const name = matching('a name of letters, digits, - and _', /^[A-Za-z][\w-]*$/);

/** What a check says of itself. */
const META: Form = {
  is: 'map',
  keys: {
    id: {
      is: 'text',
      word: matching('an id as VENDOR.AREA/NOUN, such as acme.netns/too-many', FOREIGN_ID),
    },
    title: text,
    failureTitle: text,
    why: text,
    proof: text,
    neverReports: texts,
    severity: { is: 'text', word: severity },
    tags: { is: 'list', of: { is: 'text', word: matching('a tag in small letters', /^[a-z][a-z0-9-]*$/) } },
    needs: facts,
    wants: facts,
    identity: { is: 'list', of: { is: 'text', word: name } },
    messages: { is: 'table', key: name, of: text },
    options: {
      is: 'table',
      key: name,
      of: {
        is: 'map',
        keys: {
          default: { is: 'anything' },
          min: { is: 'number', min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
          max: { is: 'number', min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
          describe: text,
        },
        required: ['default', 'describe'],
      },
    },
    explains: {
      is: 'list',
      of: { is: 'map', keys: { check: { is: 'text', word: checkGlob }, same: text }, required: ['check'] },
    },
    references: {
      is: 'list',
      of: { is: 'text', word: matching('an address, such as https://example.com/x', /^https?:\/\/\S+$/) },
    },
  },
  required: ['id', 'title', 'failureTitle', 'why'],
  whole: 'a check',
};

const timeout: Form = {
  is: 'text',
  word: {
    ...deadline,
    noun: 'a duration of at most 1m, such as 500ms or 10s',
    fits: (text) => deadline.fits(text) && parseDeadline('timeout', text) <= LONGEST_RUN_MS,
  },
};

/** A member of what a module exports; `run` says whether it is a function. */
export const MODULE_CHECK: Form = {
  is: 'map',
  keys: { meta: META, timeout, run: { is: 'flag' } },
  required: ['meta', 'run'],
  whole: 'a check',
};

const DOCUMENT = {
  schema: { is: 'text', word: among([CHECK_SCHEMA]) },
  kind: { is: 'text', word: among(['JqCheck', 'ExecCheck']) },
  meta: META,
  timeout,
} satisfies Record<string, Form>;

const JQ: Form = {
  is: 'map',
  keys: { ...DOCUMENT, jq: { is: 'text', word: { ...something, longest: 64 * LONGEST } } },
  required: ['schema', 'kind', 'meta', 'jq'],
  whole: 'a JqCheck',
};

const EXEC: Form = {
  is: 'map',
  keys: {
    ...DOCUMENT,
    command: texts,
    dialect: { is: 'text', word: among(['nagios', 'npd']) },
    stdin: { is: 'text', word: among(['none', 'facts']) },
    stdout: { is: 'text', word: among(['text', 'findings']) },
    maxOutput: { is: 'whole', min: 1, max: MOST_OUTPUT },
  },
  required: ['schema', 'kind', 'meta', 'command', 'dialect'],
  whole: 'an ExecCheck',
};

/** Of a document, by the kind that it says it is. */
export function documentForm(kind: string): Form {
  return kind === 'ExecCheck' ? EXEC : JQ;
}
