/** What a client may do; nothing is included in anything else. */
export const API_SCOPES = [
  'balance:read',
  'customers:read',
  'ledger:read',
  'payments:read',
  'spends:write',
  'holds:write',
  'grants:write',
  'store_links:write',
] as const;
export type ApiScope = (typeof API_SCOPES)[number];

export const API_SCOPE_LABEL: Record<ApiScope, string> = {
  'balance:read': 'Read balances',
  'customers:read': 'Read customers',
  'ledger:read': 'Read the lines of ledgers',
  'payments:read': 'Read payments',
  'spends:write': 'Spend credits, and take a spend back',
  'holds:write': 'Set credits aside, read holds, capture and release them',
  'grants:write': 'Grant credits, within the limits of API grants',
  'store_links:write': 'Sign customers into the store',
};

export type ApiBook = 'test' | 'live';

/** `ck_test_…` or `ck_live_…`: 40 random letters and digits, some 238 bits. */
export const API_KEY = /^ck_(test|live)_[A-Za-z0-9]{40}$/;

/** The key that a demo makes for itself. It is published, so it opens nothing outside demo mode. */
export const DEMO_API_KEY = 'ck_test_CredenceDemoCredenceDemoCredenceDemo1234';

/** A client and its keys, as operators see them. */
export interface ApiClientView {
  id: string;
  book: ApiBook;
  name: string;
  scopes: ApiScope[];
  returnOrigins: string[];
  createdAt: Date;
  closedAt: Date | null;
  keys: ApiKeyView[];
}

export interface ApiKeyView {
  id: string;
  /** Its beginning and end. */
  hint: string;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}
