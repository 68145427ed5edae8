import { BlockList, isIP } from 'node:net';

import { parseUrl } from '~/platform/parse-url';

import { type AddressFault } from './shared';

/** Where requests may go. */
export interface AddressRules {
  /** Whether plain http will do. A host that is allowed by name may always be asked so. */
  allowHttp: boolean;
  /** Hosts on the inner network that the operator named; all others must resolve to public addresses. */
  allowedHosts: readonly string[];
}

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

/** Production asks public addresses by https; demo and test may ask this very machine, and by http. */
export function addressRules(mode: 'demo' | 'production' | 'test', allowed: readonly string[]): AddressRules {
  const isOpen = mode !== 'production';
  return { allowHttp: isOpen, allowedHosts: [...(isOpen ? LOOPBACK : []), ...allowed] };
}

/** The host as rules name it: an IPv6 address without its brackets, a name without its last dot. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase();

export const isAllowedByName = (url: URL, rules: AddressRules): boolean =>
  rules.allowedHosts.includes(hostOf(url));

/** Never anybody's public address. What a name resolves to is seen when the connection is made. */
const INNER = new BlockList();
for (const [network, prefix] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as const),
  ...([
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const),
] as const)
  INNER.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  INNER.addSubnet(network, prefix, 'ipv6');

/**
 * What is wrong with an address as it is written, whatever its name resolves to; undefined when nothing is. URL reads
 * decimal, hex and octal addresses as what they are.
 */
export function formFault(text: string, rules: AddressRules): AddressFault | undefined {
  const url = parseUrl(text);
  if (url === undefined) return 'not_a_url';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not_a_url';
  if (url.username !== '' || url.password !== '') return 'has_credentials';
  if (isAllowedByName(url, rules)) return undefined;
  if (url.protocol === 'http:' && !rules.allowHttp) return 'not_https';
  const version = isIP(hostOf(url));
  const isInner = version !== 0 && INNER.check(hostOf(url), version === 4 ? 'ipv4' : 'ipv6');
  return isInner ? 'address_not_allowed' : undefined;
}

/** The same, and names that can only be this machine: as far as it is clear before anything is asked. */
export function addressFault(text: string, rules: AddressRules): AddressFault | undefined {
  const fault = formFault(text, rules);
  if (fault !== undefined) return fault;
  const url = new URL(text);
  const isHere = /(^|\.)localhost$/.test(hostOf(url)) && !isAllowedByName(url, rules);
  return isHere ? 'address_not_allowed' : undefined;
}
