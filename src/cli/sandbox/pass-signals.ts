import tty from 'node:tty';

const SENT: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];
/** A terminal sends these to the program, too. */
const TYPED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/** Passes our signals on to a program in the foreground; itself lives on to tell how that one ended. */
export async function whilePassing<T>(
  work: (started: (kill: (signal: NodeJS.Signals) => void) => void) => Promise<T>,
): Promise<T> {
  let kill: (signal: NodeJS.Signals) => void = () => {};
  const pass = (signal: NodeJS.Signals) => kill(signal);
  const swallow = () => {};
  const ofTyped = tty.isatty(0) ? swallow : pass;
  for (const signal of SENT) process.on(signal, pass);
  for (const signal of TYPED) process.on(signal, ofTyped);
  try {
    return await work((sender) => {
      kill = sender;
    });
  } finally {
    for (const signal of SENT) process.removeListener(signal, pass);
    for (const signal of TYPED) process.removeListener(signal, ofTyped);
  }
}
