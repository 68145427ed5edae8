/// <reference types="@remix-run/dev" />
/// <reference types="@remix-run/node" />

declare module '@remix-run/node' {
  // Without it loader results would be typed as JSON: Date as string, bigint as never.
  interface Future {
    v3_singleFetch: true;
  }
}

export {};
