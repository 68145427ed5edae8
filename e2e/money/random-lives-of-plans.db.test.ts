import { testRandomLives } from './testing/lives/random-lives';

testRandomLives({ file: 'e2e/money/random-lives-of-plans.db.test.ts', theme: 'plans', runs: 368 });
