import { DISK } from './families/disk.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll('node images', DISK);
