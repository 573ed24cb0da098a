export { type ProcStat, parseProcStat } from '../host/proc-stat.ts';
