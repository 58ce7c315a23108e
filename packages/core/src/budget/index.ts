// What capture may take of a computer, and what follows as that is used up.
export * from './budget.ts';
