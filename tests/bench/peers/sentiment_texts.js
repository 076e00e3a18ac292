// Scores one text per line with an npm package; only scoring is timed, not reading.
//
//     node sentiment_texts.js vader|sentiment FILE
// prints: texts seconds
const fs = require('node:fs');

const scorers = {
  vader: () => {
    const vader = require('vader-sentiment');
    return (text) => vader.SentimentIntensityAnalyzer.polarity_scores(text).compound;
  },
  sentiment: () => {
    const analyser = new (require('sentiment'))();
    return (text) => analyser.analyze(text).score;
  },
};

const [name, file] = process.argv.slice(2);
const score = scorers[name]();
const texts = fs.readFileSync(file, 'utf8').split('\n').filter((text) => text);
let sum = 0;
const begin = process.hrtime.bigint();
for (const text of texts) sum += score(text);
const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
console.log(`${texts.length} ${seconds.toFixed(4)}`);
if (Number.isNaN(sum)) process.exit(1);
