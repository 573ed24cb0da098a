import { isObject } from '../model/shape.ts';
import { CniError } from './error.ts';
import { goJson, parseJson } from './json.ts';
import { isNetworkName, pluginTypeFault, quoted } from './names.ts';
import { type CniVersion, FIRST_VERSION, isKnownVersion, knownVersions } from './version.ts';

/** One plugin of a network, without what its configuration says otherwise. */
export interface PluginConf {
  /** Name of the program. */
  readonly type: string;
  /** Capabilities that are switched on: keys of `runtimeConfig` that the plugin takes. */
  readonly capabilities: readonly string[];
  /** Type of its IPAM plugin; null when it has none. */
  readonly ipam: string | null;
}

/** A network configuration. What may hold secrets is behind a function, which no encoder follows. */
export interface Network {
  readonly name: string;
  /** The version that is spoken: the highest known one that the configuration names. */
  readonly cniVersion: CniVersion;
  /** All known ones that it names, oldest first. */
  readonly versions: readonly CniVersion[];
  readonly disableCheck: boolean;
  readonly disableGC: boolean;
  readonly loadOnlyInlinedPlugins: boolean;
  /** Null for one that was not read from a file of its own. */
  readonly file: string | null;
  readonly plugins: readonly PluginConf[];
  /** For this module only: the plugins' objects as they go to stdin, and the list as text for the cache. */
  readonly secret: () => { plugins: readonly Record<string, unknown>[]; text: string };
}

/** Where a text came from: its file, and whether the file's name says that it is a list. */
export interface ConfSource {
  file: string | null;
  list?: boolean;
}

/**
 * Reads one network configuration; a single plugin's (the form before 1.0) becomes a list of one.
 * `extra` gives plugin objects that a file of this network has beside it, by the network's name.
 * Throws CniError `bad-config`, naming file, line of a syntax error, cause and next step.
 */
export function parseNetwork(
  text: string,
  source: ConfSource,
  extra: (name: string) => Record<string, unknown>[] = () => [],
): Network {
  const whole = objectOf(text, source.file);
  const isList = source.list === true || whole.plugins !== undefined;
  const name = whole.name;
  if (typeof name !== 'string' || name === '') fail(source.file, 'has no "name"', 'give the network one');
  if (!isNetworkName(name)) {
    const next = 'use letters, digits, "_", "." and "-", beginning with a letter or digit';
    fail(source.file, `has the name ${quoted(name)}, which is not valid`, next);
  }
  const inlined = isList ? pluginsOf(whole, source.file) : [whole];
  const only = isList && flagOf(whole, 'loadOnlyInlinedPlugins', source.file);
  if (only && whole.plugins === undefined) {
    fail(source.file, 'sets loadOnlyInlinedPlugins and has no "plugins"', 'take one out or add the other');
  }
  const added = isList && !only ? extra(name) : [];
  const plugins = [...inlined, ...added];
  if (plugins.length === 0) fail(source.file, 'has no plugins', 'add at least one to "plugins"');
  const { cniVersion, versions } = versionsOf(whole, source.file);
  const flags = isList ? whole : {};
  const network: Omit<Network, 'secret'> = {
    name,
    cniVersion,
    versions,
    disableCheck: flagOf(flags, 'disableCheck', source.file),
    disableGC: flagOf(flags, 'disableGC', source.file),
    loadOnlyInlinedPlugins: only,
    file: source.file,
    plugins: plugins.map((plugin, i) => publicPart(plugin, i, source.file)),
  };
  // What other readers find in the cache must stand alone: without the folder of added plugins.
  const alone = isList && added.length === 0;
  const list = isList ? { ...whole, plugins, loadOnlyInlinedPlugins: true } : { name, cniVersion, plugins };
  const cached = alone ? text : listText(list, source.file);
  return { ...network, secret: () => ({ plugins, text: cached }) };
}

function listText(list: Record<string, unknown>, file: string | null): string {
  try {
    return goJson(list);
  } catch (error) {
    if (error instanceof RangeError) fail(file, 'is nested too deeply', 'write it as plugins read it');
    throw error;
  }
}

/** The same network spoken in one of its versions; what the cache records names that version alone. */
export function withVersion(network: Network, version: CniVersion): Network {
  if (network.cniVersion === version) return network;
  const { plugins, text } = network.secret();
  const { cniVersions: _, ...list } = objectOf(text, network.file);
  const alone = goJson({ ...list, cniVersion: version });
  return { ...network, cniVersion: version, secret: () => ({ plugins, text: alone }) };
}

/** The object in a JSON text. Throws CniError `bad-config`. */
export function objectOf(text: string, file: string | null): Record<string, unknown> {
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const where = parsed.line === null ? '' : ` at line ${parsed.line}`;
    fail(
      file,
      `is not valid JSON${where}`,
      text.trim() === '' ? 'it is empty: fill or remove it' : 'mend it there',
    );
  }
  if (!isObject(parsed.value)) fail(file, 'is no JSON object', 'begin it with { and give it a "name"');
  return parsed.value;
}

function pluginsOf(whole: Record<string, unknown>, file: string | null): Record<string, unknown>[] {
  const { plugins } = whole;
  if (plugins === undefined) return [];
  if (!Array.isArray(plugins)) fail(file, 'has "plugins" that are no list', 'write them as [ { ... } ]');
  if (plugins.length === 0) fail(file, 'has no plugins', 'add at least one to "plugins"');
  return plugins.map((plugin: unknown, i) =>
    isObject(plugin)
      ? plugin
      : fail(file, `has a plugin ${i + 1} that is no object`, 'write it as { "type": ... }'),
  );
}

/** What is not secret of a plugin's object; throws `bad-config` when its type names no program. */
function publicPart(plugin: Record<string, unknown>, index: number, file: string | null): PluginConf {
  const { type, capabilities, ipam } = plugin;
  if (typeof type !== 'string') fail(file, `has a plugin ${index + 1} without "type"`, 'name its program');
  const fault = pluginTypeFault(type);
  if (fault !== null) {
    fail(
      file,
      `has a plugin ${index + 1} whose type ${quoted(type)} ${fault}`,
      'use the bare name of a program',
    );
  }
  const on = isObject(capabilities)
    ? Object.keys(capabilities).filter((key) => capabilities[key] === true)
    : [];
  return { type, capabilities: on, ipam: isObject(ipam) && typeof ipam.type === 'string' ? ipam.type : null };
}

function versionsOf(
  whole: Record<string, unknown>,
  file: string | null,
): { cniVersion: CniVersion; versions: CniVersion[] } {
  const { cniVersion = FIRST_VERSION, cniVersions = [] } = whole;
  if (typeof cniVersion !== 'string') fail(file, 'has a cniVersion that is no string', 'write "1.0.0"');
  if (!Array.isArray(cniVersions) || cniVersions.some((v) => typeof v !== 'string')) {
    fail(file, 'has cniVersions that are no list of strings', 'write them as ["0.4.0", "1.0.0"]');
  }
  const single = cniVersion === '' ? FIRST_VERSION : cniVersion;
  const named =
    whole.cniVersion === undefined && cniVersions.length > 0 ? cniVersions : [...cniVersions, single];
  const versions = knownVersions(named);
  const highest = versions.at(-1);
  if (!isKnownVersion(highest)) {
    fail(
      file,
      `wants CNI version ${quoted(named.join(', '))}, which is not known`,
      'use 1.1.0, 1.0.0 or 0.4.0',
    );
  }
  return { cniVersion: highest, versions };
}

/** A boolean, which may be written as a string, as other readers allow. */
function flagOf(whole: Record<string, unknown>, key: string, file: string | null): boolean {
  const value = whole[key];
  if (value === undefined) return false;
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (word === true || word === 'true') return true;
  if (word === false || word === 'false') return false;
  return fail(file, `has ${key} that is neither true nor false`, 'write true or false');
}

function fail(file: string | null, cause: string, next: string): never {
  throw new CniError('bad-config', `${file ?? 'the network configuration'} ${cause}; ${next}`, { file });
}
