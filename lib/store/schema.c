/* The tables of a store, and whether a file has exactly these.
 *
 * SQLite keeps the text of each CREATE as it was given, comments too: they are the documentation
 * that travels with the file. Invariant: a file is used only if its schema is ours byte for byte,
 * so no trigger, view, index, generated column or collation of anyone else ever runs. No table has
 * an index or a UNIQUE beside its integer key: rows are appended at the right edge, and SQLite
 * never moves what it holds to another place. Cost: reading some thirty rows. */
#include "base/text.h"
#include "store/db.h"

typedef struct schema_item {
    const char *type;
    const char *name;
    const char *sql;
    int first; /* formats that have it */
    int last;
} schema_item;

#define SCHEMA_VERSIONS                                                                            \
    "  n INTEGER PRIMARY KEY, -- in order of arrival, never used twice\n"                          \
    "  hash BLOB, -- BLAKE2b-128 of the record; NULL: erased, and all other columns with it\n"

/* In the order in which they are made. What a later format changes or has more stands behind the
 * tables that stay, so that a file brought to it is as one made in it; views are last, where VACUUM
 * puts them. Format 0 was
 * never released: it stands for every older format in the tests of migration. It had no hashes, no
 * sums, and the three kinds of facts of the first days. */
static const schema_item schema_items[] = {
    {"table", "feedback",
     "CREATE TABLE feedback (n INTEGER PRIMARY KEY, source TEXT, id TEXT, customer TEXT, "
     "time_ms INTEGER, time_precision INTEGER, updated_ms INTEGER, kind INTEGER, "
     "consent INTEGER, weight REAL, channel TEXT, touchpoint TEXT, stage TEXT, case_id TEXT, "
     "agent TEXT, department TEXT, segment TEXT, product TEXT, language TEXT, purpose TEXT, "
     "text TEXT)",
     0, 0},
    {"table", "question",
     "CREATE TABLE question (number INTEGER PRIMARY KEY, name TEXT, scale INTEGER, "
     "direction INTEGER, minimum REAL, maximum REAL)",
     0, 0},
    {"table", "answer", "CREATE TABLE answer (key INTEGER PRIMARY KEY, value REAL)", 0, 0},
    {"table", "property", "CREATE TABLE property (number INTEGER PRIMARY KEY, name TEXT)", 0, 0},
    {"table", "attribute", "CREATE TABLE attribute (key INTEGER PRIMARY KEY, value)", 0, 0},
    {"table", "customer",
     "CREATE TABLE customer (n INTEGER PRIMARY KEY, source TEXT, id TEXT, updated_ms INTEGER, "
     "since_ms INTEGER, churned INTEGER, segment TEXT, basket REAL, orders REAL, revenue REAL)",
     0, 0},
    {"table", "customer_attribute",
     "CREATE TABLE customer_attribute (key INTEGER PRIMARY KEY, value)", 0, 0},
    {"table", "event",
     "CREATE TABLE event (n INTEGER PRIMARY KEY, source TEXT, id TEXT, customer TEXT, "
     "case_id TEXT, time_ms INTEGER, time_precision INTEGER, updated_ms INTEGER, kind INTEGER, "
     "agent TEXT, department TEXT, topic TEXT, value REAL)",
     0, 0},
    {"table", "state",
     "CREATE TABLE state (\n"
     "  -- One row. Written by kundig alone: facts are refused if they do not agree with it.\n"
     "  one INTEGER PRIMARY KEY, -- 1\n"
     "  generation INTEGER NOT NULL, -- grows with each transaction that adds\n"
     "  erasures INTEGER NOT NULL, -- grows with each transaction that erases\n"
     "  pending INTEGER NOT NULL, -- 1: FILE-wal may still hold erased bytes\n"
     "  pseudonyms BLOB, -- customers are pseudonyms: a fixed text hashed with their key\n"
     "  model BLOB, -- BLAKE2b-128 of the pinned model\n"
     "  cache_key BLOB, -- what the cache is encrypted with; an erasure overwrites it\n"
     "  hash BLOB NOT NULL -- BLAKE2b-128 of this row and of table kind\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "kind",
     "CREATE TABLE kind (\n"
     "  -- What each kind of fact adds up to. One row a kind.\n"
     "  kind INTEGER PRIMARY KEY, -- from 0: feedback, customers, events, labels, links,\n"
     "    -- consents, retentions\n"
     "  last INTEGER NOT NULL, -- the greatest n given so far\n"
     "  used INTEGER NOT NULL, -- bits: columns that ever had a value\n"
     "  count INTEGER NOT NULL, -- rows that are not erased\n"
     "  sum BLOB NOT NULL -- of their hashes modulo 2^128, little-endian\n"
     ")",
     1, 1},
    {"table", "feedback",
     "CREATE TABLE feedback (\n"
     "  -- What customers said. One row a version of a record: (source, id) names the record, the\n"
     "  -- version with the greatest (updated_ms, hash) counts: see the view latest. Without an "
     "id\n"
     "  -- each row is a record. Times are milliseconds since 1970 in UTC.\n" SCHEMA_VERSIONS
     "  source TEXT, id TEXT,\n"
     "  customer TEXT,\n"
     "  time_ms INTEGER,\n"
     "  time_precision INTEGER, -- NULL: an instant; 1: to the minute; 2: a written date\n"
     "  updated_ms INTEGER,\n"
     "  kind INTEGER, -- 1 survey, 2 review, 3 ticket, 4 call, 5 chat, 6 interview, 7 user lab,\n"
     "    -- 8 workshop, 9 employee\n"
     "  consent INTEGER, -- 1 no, 2 yes\n"
     "  weight REAL, -- NULL: 1\n"
     "  channel TEXT, touchpoint TEXT, stage TEXT, case_id TEXT, agent TEXT, department TEXT,\n"
     "  segment TEXT, product TEXT, language TEXT, purpose TEXT,\n"
     "  text TEXT -- the comment\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "question",
     "CREATE TABLE question (\n"
     "  number INTEGER PRIMARY KEY,\n"
     "  name TEXT, -- NULL: nobody answers it any more\n"
     "  scale INTEGER, -- 1 nps, 2 csat, 3 ces, 4 ces of 2010, 5 stars, 6 declared\n"
     "  direction INTEGER, -- 0: higher is better; 1: lower is better\n"
     "  minimum REAL, maximum REAL\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "answer",
     "CREATE TABLE answer (\n"
     "  key INTEGER PRIMARY KEY, -- feedback.n * 1048576 + question.number: see the view answers\n"
     "  value REAL -- on the scale of the question; NULL: erased\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "property",
     "CREATE TABLE property (\n"
     "  number INTEGER PRIMARY KEY,\n"
     "  name TEXT -- NULL: nobody has it any more\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "attribute",
     "CREATE TABLE attribute (\n"
     "  -- Further facts of feedback.\n"
     "  key INTEGER PRIMARY KEY, -- feedback.n * 1048576 + property.number\n"
     "  value -- text, real, or integer 0 and 1 for no and yes; NULL: erased\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "customer",
     "CREATE TABLE customer (\n"
     "  -- What the CRM knows. One row a version; (source, id) names the record.\n" SCHEMA_VERSIONS
     "  source TEXT, id TEXT,\n"
     "  updated_ms INTEGER,\n"
     "  since_ms INTEGER,\n"
     "  churned INTEGER, -- 1 no, 2 yes\n"
     "  segment TEXT,\n"
     "  basket REAL, -- mean basket value\n"
     "  orders REAL, -- number of orders\n"
     "  revenue REAL -- so far\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "customer_attribute",
     "CREATE TABLE customer_attribute (\n"
     "  -- Further facts of customers.\n"
     "  key INTEGER PRIMARY KEY, -- customer.n * 1048576 + property.number\n"
     "  value -- text, real, or integer 0 and 1 for no and yes; NULL: erased\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "event",
     "CREATE TABLE event (\n"
     "  -- What happened. One row a version; (source, id) names the record.\n" SCHEMA_VERSIONS
     "  source TEXT, id TEXT,\n"
     "  customer TEXT, case_id TEXT,\n"
     "  time_ms INTEGER,\n"
     "  time_precision INTEGER, -- as in feedback\n"
     "  updated_ms INTEGER,\n"
     "  kind INTEGER, -- NULL other, 1 case opened, 2 answered, 3 reopened, 4 resolved,\n"
     "    -- 5 invitation, 6 action, 7 acknowledgement, 8 purchase\n"
     "  agent TEXT, department TEXT, topic TEXT,\n"
     "  value REAL\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "label",
     "CREATE TABLE label (\n"
     "  -- What people judged: the record (source, id) speaks of this topic, or does not.\n"
     "  -- One row a version; (source, id, topic, by) names the label.\n" SCHEMA_VERSIONS
     "  source TEXT, id TEXT, topic TEXT, by TEXT,\n"
     "  holds INTEGER, -- 1 no, 2 yes\n"
     "  updated_ms INTEGER\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "link",
     "CREATE TABLE link (\n"
     "  -- Two names of one customer. One row a version; the two names, in any order, name "
     "it.\n" SCHEMA_VERSIONS "  customer TEXT, same_as TEXT, by TEXT,\n"
     "  holds INTEGER, -- 1: taken back; 2: they are one\n"
     "  updated_ms INTEGER\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "consent",
     "CREATE TABLE consent (\n"
     "  -- What customers allow. One row a version; (customer, purpose) names it.\n" SCHEMA_VERSIONS
     "  customer TEXT,\n"
     "  purpose TEXT, -- NULL: every purpose\n"
     "  consent INTEGER, -- 1 no, 2 yes\n"
     "  disclosure TEXT, -- which wording was shown\n"
     "  updated_ms INTEGER\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "retention",
     "CREATE TABLE retention (\n"
     "  -- How long records are kept. One row a version; the purpose names it.\n" SCHEMA_VERSIONS
     "  purpose TEXT, -- NULL: records that carry none\n"
     "  days INTEGER, -- after the record's time; -1: for ever\n"
     "  updated_ms INTEGER\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "model",
     "CREATE TABLE model (\n"
     "  -- The pinned model, if there is one: it reads the comments of this store.\n"
     "  one INTEGER PRIMARY KEY, -- 1\n"
     "  bytes BLOB -- as kundig_model_save() gives them\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "mapping",
     "CREATE TABLE mapping (\n"
     "  -- How the columns of a source were mapped when it was last read.\n"
     "  n INTEGER PRIMARY KEY,\n"
     "  hash BLOB NOT NULL, -- BLAKE2b-128 of the other columns\n"
     "  source TEXT NOT NULL,\n"
     "  map TEXT NOT NULL\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "receipt",
     "CREATE TABLE receipt (\n"
     "  -- What was erased, expired, merged: an audit log without personal data.\n"
     "  n INTEGER PRIMARY KEY,\n"
     "  hash BLOB NOT NULL, -- BLAKE2b-128 of the other columns\n"
     "  time_ms INTEGER, -- as the caller gave it\n"
     "  action TEXT NOT NULL,\n"
     "  subject TEXT, -- keyed pseudonym of whom or what\n"
     "  records INTEGER NOT NULL,\n"
     "  versions INTEGER NOT NULL, -- rows of feedback\n"
     "  customers INTEGER NOT NULL,\n"
     "  events INTEGER NOT NULL,\n"
     "  labels INTEGER NOT NULL,\n"
     "  links INTEGER NOT NULL,\n"
     "  consents INTEGER NOT NULL,\n"
     "  retentions INTEGER NOT NULL,\n"
     "  before TEXT NOT NULL, -- state of the facts\n"
     "  after TEXT NOT NULL,\n"
     "  pending INTEGER NOT NULL -- 1: overwritten, but FILE-wal could not be emptied yet\n"
     ")",
     1, 1},
    {"table", "cache",
     "CREATE TABLE cache (\n"
     "  -- An image of the facts, encrypted with state.cache_key. It may be deleted at any time.\n"
     "  part INTEGER PRIMARY KEY,\n"
     "  bytes BLOB\n"
     ")",
     1, KUNDIG__STORE_FORMAT},
    {"table", "kind",
     "CREATE TABLE kind (\n"
     "  -- What each kind of fact adds up to. One row a kind.\n"
     "  kind INTEGER PRIMARY KEY, -- from 0: feedback, customers, events, labels, links,\n"
     "    -- consents, retentions, edits\n"
     "  last INTEGER NOT NULL, -- the greatest n given so far\n"
     "  used INTEGER NOT NULL, -- bits: columns that ever had a value\n"
     "  count INTEGER NOT NULL, -- rows that are not erased\n"
     "  sum BLOB NOT NULL -- of their hashes modulo 2^128, little-endian\n"
     ")",
     2, KUNDIG__STORE_FORMAT},
    {"table", "receipt",
     "CREATE TABLE receipt (\n"
     "  -- What was erased, expired, merged: an audit log without personal data.\n"
     "  n INTEGER PRIMARY KEY,\n"
     "  hash BLOB NOT NULL, -- BLAKE2b-128 of the other columns\n"
     "  time_ms INTEGER, -- as the caller gave it\n"
     "  action TEXT NOT NULL,\n"
     "  subject TEXT, -- keyed pseudonym of whom or what\n"
     "  records INTEGER NOT NULL,\n"
     "  versions INTEGER NOT NULL, -- rows of feedback\n"
     "  customers INTEGER NOT NULL,\n"
     "  events INTEGER NOT NULL,\n"
     "  labels INTEGER NOT NULL,\n"
     "  links INTEGER NOT NULL,\n"
     "  consents INTEGER NOT NULL,\n"
     "  retentions INTEGER NOT NULL,\n"
     "  edits INTEGER NOT NULL,\n"
     "  before TEXT NOT NULL, -- state of the facts\n"
     "  after TEXT NOT NULL,\n"
     "  pending INTEGER NOT NULL -- 1: overwritten, but FILE-wal could not be emptied yet\n"
     ")",
     2, KUNDIG__STORE_FORMAT},
    {"table", "edit",
     "CREATE TABLE edit (\n"
     "  -- What people said of discovered topics. One row a version; all but n, hash, name, holds\n"
     "  -- and updated_ms together name the edit.\n" SCHEMA_VERSIONS
     "  kind INTEGER, -- 1 rename, 2 merge, 3 split, 4 pin, 5 hide, 6 together, 7 apart, 8 topic,\n"
     "    -- 9 known\n"
     "  topic TEXT, other TEXT,\n"
     "  name TEXT, words TEXT,\n"
     "  source TEXT, id TEXT, -- a record\n"
     "  other_source TEXT, other_id TEXT, -- another one\n"
     "  by TEXT,\n"
     "  holds INTEGER, -- 1: taken back; 2: it holds\n"
     "  updated_ms INTEGER\n"
     ")",
     2, KUNDIG__STORE_FORMAT},
    {"view", "answers",
     "CREATE VIEW answers AS\n"
     "  -- Each answer with its question and record.\n"
     "  SELECT feedback.n, feedback.source, feedback.id, question.name AS question, answer.value\n"
     "  FROM answer JOIN feedback ON feedback.n = answer.key / 1048576\n"
     "  JOIN question ON question.number = answer.key % 1048576\n"
     "  WHERE answer.value IS NOT NULL",
     1, KUNDIG__STORE_FORMAT},
    {"view", "attributes",
     "CREATE VIEW attributes AS\n"
     "  -- Each further fact of feedback with its name and record.\n"
     "  SELECT feedback.n, feedback.source, feedback.id, property.name, attribute.value\n"
     "  FROM attribute JOIN feedback ON feedback.n = attribute.key / 1048576\n"
     "  JOIN property ON property.number = attribute.key % 1048576\n"
     "  WHERE attribute.value IS NOT NULL",
     1, KUNDIG__STORE_FORMAT},
    {"view", "customer_attributes",
     "CREATE VIEW customer_attributes AS\n"
     "  SELECT customer.n, customer.source, customer.id, property.name, customer_attribute.value\n"
     "  FROM customer_attribute JOIN customer ON customer.n = customer_attribute.key / 1048576\n"
     "  JOIN property ON property.number = customer_attribute.key % 1048576\n"
     "  WHERE customer_attribute.value IS NOT NULL",
     1, KUNDIG__STORE_FORMAT},
    {"view", "latest",
     "CREATE VIEW latest AS\n"
     "  -- Each record of feedback in the version that counts.\n"
     "  SELECT n, source, id, customer,\n"
     "    strftime('%Y-%m-%dT%H:%M:%fZ', time_ms / 1000.0, 'unixepoch') AS time,\n"
     "    time_ms, time_precision, updated_ms, kind, consent, weight, channel, touchpoint, stage,\n"
     "    case_id, agent, department, segment, product, language, purpose, text\n"
     "  FROM (SELECT *, row_number() OVER (\n"
     "      PARTITION BY source, id, CASE WHEN id IS NULL THEN n END\n"
     "      ORDER BY updated_ms DESC, hash DESC) AS place\n"
     "    FROM feedback WHERE hash IS NOT NULL)\n"
     "  WHERE place = 1",
     1, KUNDIG__STORE_FORMAT},
};

#define SCHEMA_COUNT (sizeof schema_items / sizeof *schema_items)

/* The first item of a format from `at` on; SCHEMA_COUNT if there is none. */
static size_t schema_next(size_t at, int format)
{
    while (at < SCHEMA_COUNT &&
           (format < schema_items[at].first || format > schema_items[at].last)) {
        at++;
    }
    return at;
}

static bool schema_same(sqlite3_stmt *statement, int column, const char *wanted)
{
    return kundig__text_equal(kundig__db_text(statement, column), kundig__str(wanted));
}

/* Is the schema that of `format`? */
static int schema_compare(kundig__store *store, int format, kundig_error *err)
{
    sqlite3_stmt *statement = NULL;
    size_t at = schema_next(0, format);
    bool row = false;
    int rc = kundig__db_prepare(store,
                                "SELECT type, name, tbl_name, sql FROM sqlite_schema "
                                "ORDER BY rowid",
                                &statement, err);
    while (!rc && !(rc = kundig__db_step(store, statement, &row, err)) && row) {
        const schema_item *item = at < SCHEMA_COUNT ? &schema_items[at] : NULL;
        if (!item || !schema_same(statement, 0, item->type) ||
            !schema_same(statement, 1, item->name) || !schema_same(statement, 2, item->name) ||
            !schema_same(statement, 3, item->sql)) {
            kundig_text name = kundig__db_text(statement, 1);
            rc = kundig__fail(err, KUNDIG_E_FORMAT, 0,
                              "the tables of %.*s are not those of a store (see '%.*s'): another "
                              "program changed them",
                              kundig__shown(store->name), store->name.data, kundig__shown(name),
                              name.data ? name.data : "");
        }
        at = schema_next(at + 1, format);
    }
    if (!rc && at < SCHEMA_COUNT) {
        rc = kundig__fail(err, KUNDIG_E_FORMAT, 0, "%.*s lacks table '%s' of a store",
                          kundig__shown(store->name), store->name.data, schema_items[at].name);
    }
    sqlite3_finalize(statement);
    return rc;
}

int kundig__schema_check(kundig__store *store, int *format, kundig_error *err)
{
    int64_t application = 0;
    int64_t version = 0;
    int64_t items = 0;
    int64_t schema = 0;
    int rc = kundig__db_integer(store, "PRAGMA application_id", &application, err);
    rc = rc ? rc : kundig__db_integer(store, "PRAGMA user_version", &version, err);
    rc = rc ? rc : kundig__db_integer(store, "SELECT count(*) FROM sqlite_schema", &items, err);
    rc = rc ? rc : kundig__db_integer(store, "PRAGMA schema_version", &schema, err);
    if (rc) {
        return rc;
    }
    if (!version && !items && (!application || application == KUNDIG__STORE_APPLICATION_ID)) {
        *format = -1;
        return KUNDIG_OK;
    }
    if (application != KUNDIG__STORE_APPLICATION_ID) {
        return kundig__fail(err, KUNDIG_E_FORMAT, 0,
                            "%.*s is not a store of kundig but an SQLite database of another "
                            "program",
                            kundig__shown(store->name), store->name.data);
    }
    if (version > KUNDIG__STORE_FORMAT) {
        return kundig__fail(err, KUNDIG_E_VERSION, 0,
                            "%.*s is a store of format %ld, made by a later kundig; this one reads "
                            "formats up to %d",
                            kundig__shown(store->name), store->name.data, (long)version,
                            KUNDIG__STORE_FORMAT);
    }
    if (version < 0) {
        return kundig__db_damaged(store, err, "the format is %ld", (long)version);
    }
    rc = schema_compare(store, (int)version, err);
    if (!rc) {
        *format = (int)version;
        store->schema_version = schema;
    }
    return rc;
}

int kundig__schema_make(kundig__store *store, int format, kundig_error *err)
{
    int rc = KUNDIG_OK;
    for (size_t at = schema_next(0, format); at < SCHEMA_COUNT && !rc;
         at = schema_next(at + 1, format)) {
        rc = kundig__db_exec(store, schema_items[at].sql, err);
    }
    return rc ? rc : kundig__schema_mark(store, format, err);
}

int kundig__schema_make_one(kundig__store *store, int format, const char *name, kundig_error *err)
{
    size_t at = schema_next(0, format);
    while (strcmp(schema_items[at].name, name) != 0) {
        at = schema_next(at + 1, format);
    }
    return kundig__db_exec(store, schema_items[at].sql, err);
}

int kundig__schema_mark(kundig__store *store, int format, kundig_error *err)
{
    char sql[40];
    sqlite3_snprintf(sizeof sql, sql, "PRAGMA user_version = %d", format);
    return kundig__db_exec(store, sql, err);
}

int kundig__schema_drop(kundig__store *store, int format, kundig_error *err)
{
    char sql[64];
    int rc = KUNDIG_OK;
    for (size_t at = schema_next(0, format); at < SCHEMA_COUNT && !rc;
         at = schema_next(at + 1, format)) {
        sqlite3_snprintf(sizeof sql, sql, "DROP TABLE %s", schema_items[at].name);
        rc = kundig__db_exec(store, sql, err);
    }
    return rc;
}
