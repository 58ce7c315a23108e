// The only place where benches read their environment: the agent that they start goes on with it.
export const environment = process.env;
