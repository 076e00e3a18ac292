// DuckDB doing the smallest part of what burza does: mentions and distinct authors per brand and
// hour, without sentiment, inflection, duplicates or detection. Only the columns it needs are
// declared, so that it neither guesses a schema nor builds values nobody asks for.
//
//     node duckdb_count.js tweets|reddit|csv FILE THREADS
const { DuckDBInstance } = require('@duckdb/node-api');

const quote = (text) => `'${text.replaceAll("'", "''")}'`;

const posts = {
  tweets: (file) => `
    SELECT CAST(timestamp_ms AS BIGINT) // 3600000 AS hour, "user".id_str AS author,
           lower(coalesce(extended_tweet.full_text, text)) AS content
    FROM read_json(${file}, format = 'newline_delimited', columns = {
      timestamp_ms: 'VARCHAR', text: 'VARCHAR', extended_tweet: 'STRUCT(full_text VARCHAR)',
      user: 'STRUCT(id_str VARCHAR)'})`,
  reddit: (file) => `
    SELECT created_utc // 3600 AS hour, author, lower(body) AS content
    FROM read_json(${file}, format = 'newline_delimited', columns = {
      created_utc: 'BIGINT', author: 'VARCHAR', body: 'VARCHAR'})`,
  csv: (file) => `
    SELECT left(Date, 13) AS hour, Author AS author, lower(Content) AS content
    FROM read_csv(${file}, header = true, delim = ',', quote = '"', escape = '"', columns = {
      Date: 'VARCHAR', Author: 'VARCHAR', Content: 'VARCHAR', Source: 'VARCHAR',
      Likes: 'VARCHAR', Followers: 'VARCHAR', URL: 'VARCHAR'})`,
};

// The stems of the three brands' names, which is how one would ask without knowing Polish.
const brands = {
  norvia: ['norvi', 'norwi'],
  kurierex: ['kurierex', 'kurierx'],
  lakowianka: ['łąkowian', 'łonkowian', 'lakowian'],
};
const named = (stems) => stems.map((stem) => `contains(content, ${quote(stem)})`).join(' OR ');
const cases = Object.entries(brands)
  .map(([brand, stems]) => `CASE WHEN ${named(stems)} THEN ${quote(brand)} END`);

async function main([kind, file, threads]) {
  const instance = await DuckDBInstance.create(':memory:', { threads });
  const connection = await instance.connect();
  const sql = `
    WITH posts AS (${posts[kind](quote(file))}),
    mentions AS (
      SELECT hour, author, unnest([${cases.join(', ')}]) AS brand FROM posts
      WHERE ${named(Object.values(brands).flat())})
    SELECT brand, hour, count(*) AS mentions, count(DISTINCT author) AS authors
    FROM mentions WHERE brand IS NOT NULL GROUP BY ALL ORDER BY ALL`;
  if (process.env.SHOW_SQL) console.error(sql);
  const rows = (await connection.runAndReadAll(sql)).getRows();
  const sum = rows.reduce((total, row) => total + Number(row[2]), 0);
  console.log(`${rows.length} brand-hours, ${sum} mentions`);
}

main(process.argv.slice(2)).then(() => process.exit(0), (error) => {
  console.error(error.message);
  process.exit(1);
});
