import { CONFIG } from './families/config.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll('configuration of runtimes', CONFIG);
