import { PROC } from './families/proc.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll('what the kernel shows', PROC);
