import { isObject } from '../model/shape.ts';
import { parseJson } from './json.ts';
import { blame, type PluginCall } from './plugin.ts';
import { shown } from './redact.ts';
import { normaliseResult } from './result.ts';

/**
 * The result in what a plugin wrote on ADD, as it stands, with the version filled in where it has none.
 * Throws CniError `empty-result`, `garbage` or `foreign-version`.
 */
export function addResult(call: PluginCall, stdout: string): Record<string, unknown> {
  if (stdout.trim() === '') throw empty(call);
  const parsed = parseJson(stdout);
  if (!parsed.ok) {
    throw blame(call, 'garbage', `wrote no JSON on ADD: ${shown(stdout, call.conf)}`, 'replace the plugin');
  }
  const { value } = parsed;
  if (value === null) throw empty(call);
  if (!isObject(value)) throw noResult(call, stdout);
  const { cniVersion } = value;
  const wanted = call.conf.cniVersion;
  const version = cniVersion === undefined || cniVersion === '' ? wanted : cniVersion;
  if (version !== wanted) {
    const cause = `answered ADD in CNI version ${shown(String(version), {})} and was asked in ${wanted}`;
    throw blame(call, 'foreign-version', cause, 'replace the plugin, or name that cniVersion');
  }
  if (Object.keys(value).every((key) => key === 'cniVersion')) throw empty(call);
  if (!normaliseResult(value)) throw noResult(call, stdout);
  return { ...value, cniVersion: version };
}

function empty(call: PluginCall) {
  return blame(call, 'empty-result', 'gave no result on ADD', 'a result is owed: replace the plugin');
}

function noResult(call: PluginCall, stdout: string) {
  const cause = `wrote JSON on ADD that is no CNI result: ${shown(stdout, call.conf)}`;
  return blame(call, 'garbage', cause, 'replace the plugin');
}
