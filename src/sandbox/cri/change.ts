import type { CriSession } from '../../cri/session.ts';
import type { Plan } from '../../model/plan.ts';
import type { RemedyContext } from '../../remedy/context.ts';
import { execute, failureOf } from '../../remedy/execute.ts';
import { type Draft, plan } from '../steps.ts';

/** What commands on the runtime's sandboxes work with. */
export interface CriShop {
  session: CriSession;
  remedy: RemedyContext;
  /** Folder in which containers' logs are, one folder a sandbox. */
  logs: string;
}

/** Carries out steps on a sandbox of the runtime; gives why they ended early, or null. */
export async function change(
  { remedy }: CriShop,
  verb: 'create' | 'run' | 'stop' | 'remove',
  subject: string,
  drafts: readonly Draft[],
): Promise<string | null> {
  const risk: Plan['risk'] = verb === 'stop' || verb === 'remove' ? 'destructive' : 'safe';
  const steps = plan(`sandbox/${verb}`, risk, `${subject}, ${new Date(remedy.now()).toISOString()}`, drafts);
  return failureOf(steps, await execute(steps, remedy))?.reason ?? null;
}
