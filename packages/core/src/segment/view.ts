// What a reader is shown of a segment as its device sealed it: events with the texts that the
// device redacted, and what is known of its frames. The pictures come apart from it.
import { z } from 'zod';
import { eventSchema } from '../events/index.ts';
import { capturedContextSchema, idSchema } from '../statement/index.ts';
import { eventsPerSegmentMax, frameSchema, framesPerSegmentMax } from './content.ts';

export const segmentFactsSchema = z.strictObject({
  v: z.literal(1),
  id: idSchema('seg'),
  pseudonym: idSchema('part'),
  /** Unix time in ms that every `atMs` counts from. */
  startedAtMs: z.int().min(0),
  contexts: z.array(capturedContextSchema).max(200),
  events: z.array(eventSchema).max(eventsPerSegmentMax),
  /** In order; a picture may be missing where a device sent none that can be made out. */
  frames: z.array(frameSchema.omit({ image: true })).max(framesPerSegmentMax),
});
/** A segment without pixels. */
export type SegmentFacts = z.infer<typeof segmentFactsSchema>;
