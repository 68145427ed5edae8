import { testRandomLives } from './testing/lives/random-lives';

testRandomLives({ file: 'e2e/money/random-lives-of-packs.db.test.ts', theme: 'packs', runs: 400 });
