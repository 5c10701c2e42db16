import mysql from 'mysql2/promise';

// Sets innodb_flush_log_at_trx_commit on the server at a URL, and prints what it was.
const [url, value] = process.argv.slice(2);
const connection = await mysql.createConnection({ uri: url, connectTimeout: 2000 });
try {
  const [[{ before }]] = await connection.query('SELECT @@GLOBAL.innodb_flush_log_at_trx_commit AS `before`');
  await connection.query(`SET GLOBAL innodb_flush_log_at_trx_commit = ${Number(value)}`);
  console.log(before);
} finally {
  await connection.end();
}
