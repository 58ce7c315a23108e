// Where there is no tesseract program: the package tesseract.js with its English data, in a thread,
// offline, with nothing cached on disk. Several times slower.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';
import type { ReadWord } from '@handrail/core/pixels';
import { createWorker, PSM } from 'tesseract.js';
import type { Layout, OcrEngine, Page } from './engine.ts';
import { wordsOf } from './tsv.ts';

const require = createRequire(import.meta.url);
const neural = 1;
const layoutModes = { sparse: PSM.SPARSE_TEXT, block: PSM.SINGLE_BLOCK } as const;

export function packagedEngine(seconds: number): OcrEngine {
  let reader: ReturnType<typeof startReader> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const stop = async () => {
    const stopping = reader;
    reader = undefined;
    await (await stopping?.catch(() => undefined))?.terminate();
  };
  const readAll = async (pages: readonly Page[], layout: Layout) => {
    const words: ReadWord[][] = [];
    try {
      reader ??= startReader();
      for (const page of pages) {
        words.push(await within(seconds, readOne(await reader, page, layout)));
      }
    } catch (error) {
      await stop();
      throw error;
    }
    return words;
  };
  return {
    read: (pages, layout) => {
      const reading = turn.then(() => readAll(pages, layout));
      turn = reading.catch(() => undefined);
      return reading;
    },
    [Symbol.asyncDispose]: stop,
  };
}

function startReader() {
  const data = dirname(require.resolve('@tesseract.js-data/eng/package.json'));
  return createWorker('eng', neural, {
    langPath: join(data, '4.0.0_best_int'),
    cacheMethod: 'none',
    gzip: true,
    logger: () => undefined,
    errorHandler: () => undefined,
  });
}

async function readOne(
  reader: Awaited<ReturnType<typeof startReader>>,
  { width, height, grey }: Page,
  layout: Layout,
): Promise<ReadWord[]> {
  await reader.setParameters({ tessedit_pageseg_mode: layoutModes[layout] });
  // A PGM: the header, then the pixels as they are.
  const picture = Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`), grey]);
  const { data } = await reader.recognize(picture, {}, { tsv: true, text: false, blocks: false });
  return wordsOf(data.tsv ?? '', 1)[0] ?? [];
}

async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new HandrailError('timeout', 'Reading a picture took too long.');
    timer = setTimeout(() => reject(error), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
