import { createContext, useContext } from 'react';

/** Known while the server renders; browsers hide nonces from scripts, so there it stays blank. */
export const Nonce = createContext<string>('');

export const useNonce = (): string => useContext(Nonce);
