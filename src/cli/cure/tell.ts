import type { Places } from '../../remedy/print.ts';
import type { Terminal } from '../terminal.ts';
import type { Told } from './cure.ts';
import { proposalText, stepText } from './text.ts';

/**
 * Tells a cure while it goes on. As a table it is the result, and goes to stdout; where a question follows it goes
 * to where the question is asked. As data only a question brings it, on stderr.
 */
export function teller(terminal: Terminal, places: Places, asTable: boolean): Told {
  return {
    progress: (text) => {
      if (terminal.errIsTerminal) terminal.err(`${text}\n`);
    },
    async proposed(proposal, consent) {
      if (!asTable && consent !== 'ask') return;
      const look = { width: terminal.columns, byHand: consent !== 'carry-out' };
      const text = await proposalText(proposal, places, look);
      (consent === 'ask' ? terminal.err : terminal.out)(text);
    },
    stepped: (step) => {
      if (asTable) terminal.out(stepText(step, places));
      else if (terminal.errIsTerminal) terminal.err(stepText(step, places));
    },
  };
}
