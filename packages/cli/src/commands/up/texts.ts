// The sample notice and impact assessment: what a programme made for trying out honestly promises,
// in plain words, for people to read before they consent.

export interface SampleTerms {
  readonly k: number;
  readonly rawDays: number;
  readonly trajectoryDays: number;
  readonly grantHours: number;
}

export function sampleNotice({ k, rawDays, trajectoryDays, grantHours }: SampleTerms): string {
  return `NOTICE (sample, for trying Handrail out; not a notice of a real organisation)

What for. How people work with computer programs is recorded, to train and evaluate agents that
use computers. It is never used to judge a person, and no figures about a person's activity exist.

What is recorded. Only what the capture manifest lists, which you are shown: keys, pointer, windows,
focus and pictures, and only in the applications and sites that it names. Everything else on your
screen is filled before anything is kept. What you type into password fields is dropped. Personal
data and secrets are looked for in text and pictures and replaced on your device, and again later.
No recogniser finds everything: do not show what must never be seen. Sound, camera, location and
the clipboard are not recorded.

Your choice. Taking part is voluntary, and nobody learns whether you pause or refuse. You see when
you are recorded. You can stop at once and without a reason:
  handrail pause 30m     stop for a while
  handrail forget 15m    destroy what still waits on your device
  handrail withdraw      end your consent; nothing more of yours is opened
  handrail erase         have the keys of everything you gave destroyed
What waits on your device stays there for a day first, unless you choose another time.

Who can read it. It is sealed on your device. It opens only in the vault, for a purpose, under a
grant that two persons of different roles approved, for at most ${grantHours} hours, after the
intent stands in a public record. Data leave only as releases made from at least ${people(k)}.
You can see what is kept of yours (handrail mine list) and check the record (handrail ledger
verify).

How long. Raw recordings ${rawDays} days, what is made of them ${trajectoryDays} days; then
their keys are destroyed.
Releases that were handed out before you withdrew cannot be taken back; their holders are told.

One machine. Here server, vault and all roles run under one account of one machine. Whoever holds
that account can read everything and sign as everyone. That is for trying out, and for nothing else.
`;
}

export function sampleDpia({ k, rawDays, trajectoryDays }: SampleTerms): string {
  return `DATA PROTECTION IMPACT ASSESSMENT (sample, for trying Handrail out)

Processing. Recordings of computer use of people who consented, reduced to actions with pictures,
released for training and evaluating agents. Lawful basis: consent; in employment it must be free of
consequences, which an organisation has to show for itself.

Necessity. Agents learn from how tasks are done. Contexts are listed one by one, raw recordings are
kept ${rawDays} days, what is made of them ${trajectoryDays} days, releases hold what their
recipe names.

Risks, and what is done about them.
- Being watched at work: no activity figures, no covert mode, pausing invisible to managers, a
  visible indicator without which nothing is recorded.
- Secrets and private life on the screen: only listed contexts, everything else filled; password
  fields dropped; recognisers on the device and in the vault. Recognisers miss things: what is left
  is protected by who can open it.
- Reading without leave: sealed on the device; two approvals of different roles, a time limit and a
  public record before anything opens; the server holds no key.
- Recognising people in releases: at least ${people(k)} per release, pseudonyms, fields not
  asked for dropped. Somebody who knows a person's work may still recognise it.
- People on other people's screens: they may ask to be found and removed.

Left over. On one machine the account that runs everything can read everything. This sample must not
be used with the data of people other than yourself.
`;
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
