import { testRandomLives } from './testing/lives/random-lives';

testRandomLives({ file: 'e2e/money/random-lives-of-top-ups.db.test.ts', theme: 'top-ups', runs: 256 });
