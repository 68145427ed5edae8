import { describe, expect, test } from 'vitest';
import {
  addressOf,
  hostedPageOrigins,
  type HeaderSettings,
  isOwnOrigin,
  readableTarget,
  securityHeaders,
  speakableMethod,
} from './http.server';

const settings: HeaderSettings = {
  nonce: 'bm9uY2U=',
  requestId: 'req_1',
  isHttps: true,
  formTargets: ['https://checkout.stripe.com'],
  isDevelopment: false,
};
const policyOf = (changes: Partial<HeaderSettings> = {}) =>
  securityHeaders({ ...settings, ...changes })['Content-Security-Policy'] ?? '';

describe('security headers', () => {
  test('scripts run by nonce only, never inline and never by eval', () => {
    expect(policyOf()).toContain("script-src 'self' 'nonce-bm9uY2U='");
    expect(policyOf()).not.toContain('unsafe-eval');
    expect(/script-src[^;]*unsafe-inline/.test(policyOf())).toBe(false);
  });
  test('no page of ours can be framed, and none can move its base', () => {
    expect(policyOf()).toContain("frame-ancestors 'none'");
    expect(policyOf()).toContain("base-uri 'none'");
    expect(securityHeaders(settings)['X-Frame-Options']).toBe('DENY');
  });
  test('forms lead to us and the payment pages, nowhere else', () => {
    expect(policyOf()).toContain("form-action 'self' https://checkout.stripe.com;");
    expect(hostedPageOrigins('http://127.0.0.1:4700/v1')).toEqual(['http://127.0.0.1:4700']);
    expect(hostedPageOrigins(undefined)).toContain('https://checkout.stripe.com');
  });
  test('https is pinned only where the app is reached by https', () => {
    expect(securityHeaders(settings)).toHaveProperty('Strict-Transport-Security');
    expect(securityHeaders({ ...settings, isHttps: false })).not.toHaveProperty('Strict-Transport-Security');
  });
  test('WebSockets are open in development only', () => {
    expect(policyOf()).not.toContain('ws:');
    expect(policyOf({ isDevelopment: true })).toContain("connect-src 'self' ws:");
  });
});

describe('the address of a request', () => {
  test('without a trusted proxy it is the socket, whatever the client claims', () => {
    expect(addressOf('10.0.0.9', '1.2.3.4', 0)).toBe('10.0.0.9');
  });
  test('behind proxies it is what they wrote, not what stood there before', () => {
    expect(addressOf('10.0.0.9', '6.6.6.6, 1.2.3.4', 1)).toBe('1.2.3.4');
    expect(addressOf('10.0.0.9', '6.6.6.6, 1.2.3.4, 10.0.0.8', 2)).toBe('1.2.3.4');
  });
  test('a missing header falls back to the socket, without its IPv6 disguise', () => {
    expect(addressOf('::ffff:127.0.0.1', undefined, 2)).toBe('127.0.0.1');
  });
});

describe('our own origin', () => {
  test.each([
    'https://evil.example',
    'http://credits.example.com',
    'https://credits.example.com:8443',
    'https://credits.example.com.evil.example',
    'null',
    '',
  ])('%o is not ours', (origin) => {
    expect(isOwnOrigin(origin, 'https://credits.example.com')).toBe(false);
  });
  test('ours is ours, with the default port written out or not', () => {
    expect(isOwnOrigin('https://credits.example.com', 'https://credits.example.com')).toBe(true);
    expect(isOwnOrigin('https://credits.example.com:443', 'https://credits.example.com')).toBe(true);
  });
  test('names of this machine are one, ports are not', () => {
    expect(isOwnOrigin('http://127.0.0.1:3000', 'http://localhost:3000')).toBe(true);
    expect(isOwnOrigin('http://127.0.0.1:3001', 'http://localhost:3000')).toBe(false);
    expect(isOwnOrigin('http://localhost:3000', 'http://credits.example.com:3000')).toBe(false);
  });
});

describe('what a server of ours can answer', () => {
  test('a method that no Request can have is refused like one that no route has', () => {
    for (const method of ['TRACE', 'track', 'CONNECT']) expect(speakableMethod(method)).toBe('OPTIONS');
    for (const method of ['GET', 'POST', 'DELETE', 'PURGE']) expect(speakableMethod(method)).toBe(method);
  });

  test.each([
    ['/api/v1/customers/user%2B1?at=%zz', '/api/v1/customers/user%2B1?at=%zz'],
    ['/a/%E0%A4%A', '/a/%25E0%25A4%25A'],
    ['/%', '/%25'],
    ['/ü%C3%BC', '/ü%C3%BC'],
  ])('%s is read as %s', (target, read) => {
    expect(readableTarget(target)).toBe(read);
  });
});
