import type { Risk } from '../../model/check.ts';

export const RISKS = ['safe', 'disruptive', 'destructive'] as const satisfies readonly Risk[];

/** What becomes of plans: carried out, shown only, asked about, or shown and refused for want of a yes. */
export type Consent = 'carry-out' | 'show' | 'ask' | 'refuse';

export function consentFor(said: { dryRun: boolean; yes: boolean; canAsk: boolean }): Consent {
  if (said.dryRun) return 'show';
  if (said.yes) return 'carry-out';
  return said.canAsk ? 'ask' : 'refuse';
}

export interface Question {
  text: string;
  /** Answers that mean yes, in lower case. */
  accepts: readonly string[];
}

/** The more harm can be done, the less a habit of the hand is enough: what is asked follows the highest risk. */
export function questionFor(risks: readonly Risk[]): Question {
  const count = `${risks.length} object${risks.length === 1 ? '' : 's'}`;
  switch (highest(risks)) {
    case 'safe':
      return { text: `Carry this out on ${count}? [y/N] `, accepts: ['y', 'yes'] };
    case 'disruptive':
      return { text: `Carry this out on ${count}? Type yes: `, accepts: ['yes'] };
    case 'destructive': {
      const harmed = risks.filter((risk) => risk === 'destructive').length;
      const what = harmed === 1 ? '1 plan ends' : `${harmed} plans end`;
      return {
        text: `${what} what runs. Type the number of objects to carry it out on all: `,
        accepts: [String(risks.length)],
      };
    }
  }
}

export function isYes(question: Question, answer: string): boolean {
  return question.accepts.includes(answer.trim().toLowerCase());
}

/** True when plans of this risk go where at most `most` was asked for. */
export function isWithin(risk: Risk, most: Risk): boolean {
  return RISKS.indexOf(risk) <= RISKS.indexOf(most);
}

function highest(risks: readonly Risk[]): Risk {
  return [...risks].sort((a, b) => RISKS.indexOf(b) - RISKS.indexOf(a))[0] ?? 'safe';
}
