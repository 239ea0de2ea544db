internal import GRDB

/// The gradebook's tables, version by version. docs/formats/gradebook.md describes them; only plain SQL that other
/// databases know, too.
enum Schema {
    /// "Etud": tells a gradebook from other SQLite files.
    static let applicationID: Int32 = 0x4574_7564

    /// Each brings a gradebook of the version before to the next one. Those that were released never change.
    static let versions = [
        """
        CREATE TABLE assignment (
            id INTEGER PRIMARY KEY,
            exercise TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE round (
            id INTEGER PRIMARY KEY,
            assignment INTEGER NOT NULL REFERENCES assignment(id),
            courseVersion TEXT NOT NULL,
            checkers TEXT NOT NULL,
            seeds TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('current', 'former', 'proposed', 'dropped')),
            author TEXT NOT NULL,
            begun INTEGER NOT NULL,
            reason TEXT NOT NULL,
            decidedBy TEXT,
            decided INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX oneRound ON round(assignment, state) WHERE state IN ('current', 'proposed');

        CREATE TABLE question (
            round INTEGER NOT NULL REFERENCES round(id),
            position INTEGER NOT NULL,
            path TEXT NOT NULL,
            maximum REAL NOT NULL,
            PRIMARY KEY (round, path)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE student (
            id INTEGER PRIMARY KEY,
            learner TEXT NOT NULL UNIQUE,
            name TEXT,
            email TEXT
        ) STRICT;

        CREATE TABLE submission (
            id INTEGER PRIMARY KEY,
            assignment INTEGER NOT NULL REFERENCES assignment(id),
            student INTEGER NOT NULL REFERENCES student(id),
            hash TEXT NOT NULL,
            notebook TEXT NOT NULL,
            collection TEXT NOT NULL,
            folder TEXT NOT NULL,
            file TEXT NOT NULL,
            courseVersion TEXT,
            number INTEGER,
            claimed INTEGER NOT NULL,
            received INTEGER NOT NULL,
            trust TEXT NOT NULL,
            problems TEXT NOT NULL,
            gradable INTEGER NOT NULL DEFAULT 1,
            counts INTEGER NOT NULL DEFAULT 0,
            UNIQUE (assignment, student, hash)
        ) STRICT;
        CREATE UNIQUE INDEX oneCounts ON submission(assignment, student) WHERE counts = 1;

        CREATE TABLE grading (
            id INTEGER PRIMARY KEY,
            round INTEGER NOT NULL REFERENCES round(id),
            submission INTEGER NOT NULL REFERENCES submission(id),
            questions TEXT,
            state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'needsPerson', 'notWanted')),
            attempt INTEGER NOT NULL DEFAULT 0,
            worker TEXT,
            heard INTEGER,
            leaseEnd INTEGER,
            failures INTEGER NOT NULL DEFAULT 0,
            losses INTEGER NOT NULL DEFAULT 0,
            UNIQUE (submission, round)
        ) STRICT;
        CREATE INDEX openGradings ON grading(round, failures + losses, id) WHERE state = 'open' AND worker IS NULL;
        CREATE INDEX claims ON grading(worker) WHERE worker IS NOT NULL;

        CREATE TABLE attempt (
            grading INTEGER NOT NULL REFERENCES grading(id),
            number INTEGER NOT NULL,
            worker TEXT NOT NULL,
            claimed INTEGER NOT NULL,
            begun INTEGER,
            ended INTEGER,
            ending TEXT CHECK (ending IN ('finished', 'failed', 'lapsed', 'lost', 'released')),
            sentence TEXT,
            sandbox TEXT,
            processorTime INTEGER,
            duration INTEGER,
            memory INTEGER,
            PRIMARY KEY (grading, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE result (
            id INTEGER PRIMARY KEY,
            grading INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            question TEXT NOT NULL,
            outcome TEXT NOT NULL,
            points REAL NOT NULL,
            sentence TEXT,
            mistake TEXT,
            cell TEXT,
            line INTEGER,
            seed TEXT,
            processorTime INTEGER,
            duration INTEGER,
            memory INTEGER,
            recorded INTEGER NOT NULL,
            replaced INTEGER,
            FOREIGN KEY (grading, attempt) REFERENCES attempt(grading, number)
        ) STRICT;
        CREATE UNIQUE INDEX oneResult ON result(grading, question) WHERE replaced IS NULL;

        CREATE TABLE mark (
            id INTEGER PRIMARY KEY,
            submission INTEGER NOT NULL REFERENCES submission(id),
            question TEXT NOT NULL,
            points REAL,
            comment TEXT,
            author TEXT NOT NULL,
            given INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX marks ON mark(submission, question);

        CREATE TABLE lateRules (
            id INTEGER PRIMARY KEY,
            text TEXT NOT NULL,
            author TEXT NOT NULL,
            adopted INTEGER NOT NULL
        ) STRICT;
        """
    ]

    /// To be asked in a transaction: another program may make the gradebook in the meantime.
    /// - Returns: the version of a gradebook; 0 for an empty file.
    /// - Throws: ``GradebookError`` for a file that is something else, and for a later version.
    @discardableResult
    static func check(_ db: Database) throws -> Int {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0, application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let isNew = try version == 0 && application == 0 && Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
        guard isNew || application == applicationID else { throw GradebookError(.damaged, "It is an SQLite file of another program's, and no gradebook.") }
        guard version <= versions.count else {
            throw GradebookError(.newer, "It has the version \(version), and this Etude knows version \(versions.count). A newer Etude opens it.")
        }
        return version
    }

    /// Brings a gradebook up to date, in a transaction: several programs may do so at once.
    static func prepare(_ db: Database) throws {
        let version = try check(db)
        guard version < versions.count else { return }
        for sql in versions[version...] { try db.execute(sql: sql) }
        try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(versions.count)")
    }
}
