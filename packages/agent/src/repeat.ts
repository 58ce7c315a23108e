// Work that is done again and again, each time some while after it has ended.

/** Calls `work` again `everyMs` after it has ended, until disposed. */
export function repeat(everyMs: () => number, work: () => Promise<void>): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const next = () => {
    if (!isOver) timer = setTimeout(run, everyMs());
  };
  const run = () => {
    work().then(next, next);
  };
  next();
  return {
    [Symbol.dispose]: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
