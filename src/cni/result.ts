import { ipFamily } from '../model/ip.ts';
import { isObject } from '../model/shape.ts';
import { type CniVersion, isAtLeast } from './version.ts';

export interface CniInterface {
  name: string;
  /** '' when it has none. */
  mac: string;
  mtu: number | null;
  /** Path of the namespace that it is in; '' for the host's. */
  sandbox: string;
}

export interface CniAddress {
  /** With prefix length: 10.87.0.5/24. */
  address: string;
  gateway: string | null;
  /** Index into `interfaces`; null when the plugin does not say, or names none. */
  interface: number | null;
}

/** What ADD gave, in the shape of CNI 1.x whatever version the plugin spoke. */
export interface CniResult {
  interfaces: CniInterface[];
  ips: CniAddress[];
  routes: { dst: string; gw: string | null }[];
  dns: { nameservers: string[]; domain: string; search: string[]; options: string[] };
}

/** Normalises a result of any version. Null when it is not what the specification describes. */
export function normaliseResult(raw: unknown): CniResult | null {
  if (!isObject(raw)) return null;
  const old = [raw.ip4, raw.ip6].filter((part) => part !== undefined && part !== null);
  const interfaces = listOf(raw.interfaces, interfaceOf);
  const ips = old.length > 0 ? listOf(old, oldAddressOf) : listOf(raw.ips, addressOf);
  const routes = old.length > 0 ? listOf(old.flatMap(routesOf), routeOf) : listOf(raw.routes, routeOf);
  if (!interfaces || !ips || !routes) return null;
  const bound = ips.map((ip) => ({
    ...ip,
    interface: ip.interface !== null && ip.interface < interfaces.length ? ip.interface : null,
  }));
  return { interfaces, ips: bound, routes, dns: dnsOf(raw.dns) };
}

/**
 * A result as a plugin of another version expects it in `prevResult`: between 0.3 and 1.1 only the `version` of
 * each address differs; before, there was one address a family. The same object when nothing differs.
 */
export function resultAs(raw: Record<string, unknown>, version: CniVersion): Record<string, unknown> {
  if (raw.cniVersion === version) return raw;
  const result = normaliseResult(raw);
  if (!result) return { ...raw, cniVersion: version };
  if (!isAtLeast(version, '0.3.0')) return oldResult(result, version);
  const { ip4: _ip4, ip6: _ip6, ...rest } = raw;
  const ips = result.ips.map((ip) => ({
    ...(isAtLeast(version, '1.0.0') ? {} : { version: familyOf(ip.address) }),
    address: ip.address,
    ...(ip.gateway === null ? {} : { gateway: ip.gateway }),
    ...(ip.interface === null ? {} : { interface: ip.interface }),
  }));
  const routes = result.routes.map((route) => ({
    dst: route.dst,
    ...(route.gw === null ? {} : { gw: route.gw }),
  }));
  return { ...rest, routes: Array.isArray(raw.routes) ? raw.routes : routes, ips, cniVersion: version };
}

function oldResult(result: CniResult, version: CniVersion): Record<string, unknown> {
  const part = (family: string) => {
    const ip = result.ips.find(({ address }) => familyOf(address) === family);
    const routes = result.routes.filter(({ dst }) => familyOf(dst) === family);
    return ip && { ip: ip.address, ...(ip.gateway === null ? {} : { gateway: ip.gateway }), routes };
  };
  const [ip4, ip6] = [part('4'), part('6')];
  return { cniVersion: version, ...(ip4 ? { ip4 } : {}), ...(ip6 ? { ip6 } : {}), dns: result.dns };
}

function familyOf(address: string): '4' | '6' {
  return address.includes(':') ? '6' : '4';
}

/** Null when the value is no list, or one member is not what it should be; a missing list is empty. */
function listOf<T>(value: unknown, member: (one: unknown) => T | null): T[] | null {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return null;
  const all = value.map(member);
  return all.every((one) => one !== null) ? (all as T[]) : null;
}

function interfaceOf(value: unknown): CniInterface | null {
  if (!isObject(value) || typeof value.name !== 'string') return null;
  const mtu = typeof value.mtu === 'number' && value.mtu > 0 ? value.mtu : null;
  return { name: value.name, mac: textOf(value.mac), mtu, sandbox: textOf(value.sandbox) };
}

function addressOf(value: unknown): CniAddress | null {
  if (!isObject(value) || !isCidr(value.address)) return null;
  const index = value.interface;
  const bound = typeof index === 'number' && Number.isInteger(index) && index >= 0 ? index : null;
  return { address: value.address, gateway: textOf(value.gateway) || null, interface: bound };
}

/** Before 0.3: `{"ip": "10.1.0.5/16", "gateway": "10.1.0.1", "routes": [...]}` under ip4 and ip6. */
function oldAddressOf(value: unknown): CniAddress | null {
  return isObject(value) ? addressOf({ address: value.ip, gateway: value.gateway }) : null;
}

function routesOf(value: unknown): unknown[] {
  return isObject(value) && Array.isArray(value.routes) ? value.routes : [];
}

function routeOf(value: unknown): { dst: string; gw: string | null } | null {
  if (!isObject(value) || !isCidr(value.dst)) return null;
  return { dst: value.dst, gw: textOf(value.gw) || null };
}

function dnsOf(value: unknown): CniResult['dns'] {
  const dns = isObject(value) ? value : {};
  const texts = (list: unknown) => (Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []);
  return {
    nameservers: texts(dns.nameservers),
    domain: textOf(dns.domain),
    search: texts(dns.search),
    options: texts(dns.options),
  };
}

function isCidr(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const [, address = '', prefix = ''] = /^([^/]+)\/(\d{1,3})$/.exec(value) ?? [];
  const family = ipFamily(address);
  return family !== 0 && Number(prefix) <= (family === 4 ? 32 : 128);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
