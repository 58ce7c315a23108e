// The npm package has no types of its own: only its entry is declared, the rest is in client.ts.
declare module 'x11' {
  const x11: {
    createClient(
      options: { readonly display: string },
      done: (error: unknown, display: unknown) => void,
    ): unknown;
    readonly keySyms: Readonly<Record<string, { readonly code: number; description?: string }>>;
  };
  export = x11;
}
