// better-sqlite3's API, as far as our library uses it, over libsql: the former needs a newer Node-API.
const Libsql = require('libsql');

class Statement {
  #statement;
  #plucked = false;

  constructor(statement) {
    this.#statement = statement;
  }
  pluck() {
    this.#plucked = true;
    return this;
  }
  get = (...values) => this.#shaped(this.#statement.get(...values));
  all = (...values) => this.#statement.all(...values).map((row) => this.#shaped(row));
  run = (...values) => this.#statement.run(...values);
  #shaped = (row) => (this.#plucked && row ? Object.values(row)[0] : row);
}

class Database {
  #database;
  #within = false;
  open = true;

  constructor(file, options = {}) {
    this.#database = new Libsql(file, options);
  }
  prepare = (sql) => new Statement(this.#database.prepare(sql));
  exec(sql) {
    this.#database.exec(sql);
    return this;
  }
  pragma(text, { simple = false } = {}) {
    if (text.includes('=') && !text.startsWith('journal_mode')) return void this.exec(`PRAGMA ${text}`);
    const rows = this.#database.prepare(`PRAGMA ${text}`).all();
    return simple ? rows[0] && Object.values(rows[0])[0] : rows;
  }
  transaction(work) {
    const within =
      (mode) =>
      (...values) => {
        if (this.#within) return work(...values);
        this.exec(`BEGIN ${mode}`);
        this.#within = true;
        try {
          const result = work(...values);
          this.exec('COMMIT');
          return result;
        } catch (error) {
          this.exec('ROLLBACK');
          throw error;
        } finally {
          this.#within = false;
        }
      };
    return Object.assign(within('DEFERRED'), { immediate: within('IMMEDIATE'), exclusive: within('EXCLUSIVE') });
  }
  close() {
    this.open = false;
    this.#database.close();
  }
}

module.exports = Database;
