// What a home may read and decide: a participant what is their own, a person what their grants name
// and the grants that wait for their word.
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { HandrailError } from '@handrail/core/errors';
import {
  type Grant,
  grantDigest,
  grantPrompt,
  type ReadingSubject,
  sign,
} from '@handrail/core/statement';
import { call, deviceRoutes, personRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Reader } from '../../home/reading.ts';

export type Readable = ReadingSubject & {
  /** Absent for what is one's own. */
  readonly grant?: string;
  /** In a few words, without content. */
  readonly says: string;
};

export interface Waiting {
  readonly grant: string;
  /** Of the grant as it is shown: an approval is of these bytes or of none. */
  readonly digest: string;
  /** The question, as every approver is shown it. */
  readonly prompt: string;
}

export interface Room {
  readonly who: string;
  readable(): Promise<readonly Readable[]>;
  waiting(): Promise<readonly Waiting[]>;
  /** Throws `state.conflict` when the grant is not the one with this digest. */
  approve(grant: string, digest: string): Promise<void>;
  readerOf(grant: string | undefined): Reader;
}

export async function openOwnersRoom(home: string): Promise<Room> {
  const device = await new Home(home).device();
  const signer = await deviceSigner(device);
  const client = clientOf(device.url, signer);
  const { programme, pseudonym: participant } = device;
  return {
    who: participant,
    readable: async () => {
      const { trajectories } = await call(client, deviceRoutes.trajectories, {});
      const { segments } = await call(client, deviceRoutes.quarantine, {});
      return [
        ...trajectories.map(({ id, day, actions }) => {
          return { trajectory: id, says: `${day}: ${actions} actions of yours` };
        }),
        ...segments.map(({ id, day, reason }) => {
          return { segment: id, says: `${day}: yours, in quarantine (${reason})` };
        }),
      ];
    },
    waiting: async () => [],
    approve: async () => {
      throw new HandrailError('access.denied', 'Stewards and officers approve grants.');
    },
    readerOf: () => ({ client, signer, programme, by: { participant } }),
  };
}

export async function openPersonsRoom(home: string, url: string | undefined): Promise<Room> {
  const { client, signer, person, charter } = await openDesk(home, url);
  const { programme } = charter;
  const grants = async () => (await call(client, personRoutes.grants, {})).grants;
  const decides = person.role === 'steward' || person.role === 'officer';
  return {
    who: `${person.id} (${person.role})`,
    readable: async () => {
      const own = (await grants()).filter(({ grant, state }) => {
        return grant.holder === person.id && state === 'approved';
      });
      return own.flatMap(({ grant, until }) => {
        const says = `under ${grant.id} until ${until ?? 'its end'}`;
        return subjectsOf(grant).map((subject) => ({ ...subject, grant: grant.id, says }));
      });
    },
    waiting: async () => {
      if (!decides) return [];
      const open = (await grants()).filter(({ grant, state, approvals }) => {
        const signed = approvals.flatMap(({ signatures }) => signatures.map(({ key }) => key));
        const isMine = grant.holder === person.id || signed.includes(person.publicKey);
        return state === 'requested' && !isMine && grant.prompt === grantPrompt(grant);
      });
      return open.map(({ grant }) => {
        return { grant: grant.id, digest: grantDigest(grant), prompt: grant.prompt };
      });
    },
    approve: async (id, digest) => {
      const { grant } = await call(client, personRoutes.grant, { params: { id } });
      const isShown = grantDigest(grant) === digest && grant.prompt === grantPrompt(grant);
      if (!isShown || grant.id !== id || grant.programme !== programme) {
        throw new HandrailError('state.conflict', 'This is not the grant that was shown.');
      }
      const approval = { v: 1, kind: 'approval', programme, at: instantNow(), grant } as const;
      const body = { approval: await sign(approval, signer) };
      await call(client, personRoutes.approveGrant, { params: { id }, body });
    },
    readerOf: (grant) => {
      if (grant === undefined) throw new HandrailError('usage.invalid', 'Name the grant.');
      return { client, signer, programme, by: { grant } };
    },
  };
}

/** A release is exported, not read here. */
function subjectsOf({ scope }: Pick<Grant, 'scope'>): readonly ReadingSubject[] {
  if ('segments' in scope) return scope.segments.map((segment) => ({ segment }));
  if (!('trajectories' in scope)) return [];
  return scope.trajectories.map((trajectory) => ({ trajectory }));
}
