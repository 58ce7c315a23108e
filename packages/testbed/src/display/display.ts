// The private desktop for tests is the one the demo uses.
export * from 'handrail/stage';
