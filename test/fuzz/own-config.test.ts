import { OWN_CONFIG } from './families/own-config.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll('configuration of podctl', OWN_CONFIG);
