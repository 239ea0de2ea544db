import Foundation
internal import GRDB

/// A gradebook in one SQLite file, for one machine: any number of programs may use it at the same time.
///
///     let gradebook = try SQLiteGradebook(at: "collected/gradebook.sqlite")
///     try gradebook.load(collectionIn: "collected")
///     let round = try gradebook.beginGrading(exercise, questions: questions, key: key, by: "ada")
///     // workers claim and finish what is in the round
///     for grade in try gradebook.grades(of: exercise) { print(grade.student.learner, grade.points) }
public final class SQLiteGradebook: GradebookStore {
    /// The file's usual name.
    public static let file = "gradebook.sqlite"

    public let path: String
    let patience: Patience
    private let queue: DatabaseQueue

    /// Opens a gradebook, or makes one where there is no file.
    ///
    /// - Parameter busyTimeout: how long to wait for other programs, in each call.
    /// - Throws: ``GradebookError``.
    public init(at path: String, patience: Patience = Patience(), busyTimeout: Duration = .seconds(60)) throws {
        (self.path, self.patience) = (path, patience)
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeout.seconds)
        queue = try Self.explaining(path) {
            try Self.makePrivateFile(path)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { db in
                // Another program's file is left as it is.
                try db.inTransaction(.deferred) { try Schema.check(db); return .commit }
                try Self.useLog(db, until: .now + busyTimeout)
                // What was said to be done must outlive a power cut.
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try db.inTransaction(.immediate) { try Schema.prepare(db); return .commit }
            }
            return queue
        }
    }

    /// Lets readers and a writer work at the same time, by a log beside the file.
    private static func useLog(_ db: Database, until end: ContinuousClock.Instant) throws {
        while true {
            do {
                guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                    throw GradebookError(.disk, "It lies on a disk where programs can't share memory. Put it on a disk of this machine.")
                }
                return
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < end {
                // SQLite does not wait here, as it does elsewhere, for another program that opens the file.
                usleep(.random(in: 1_000...20_000))
            }
        }
    }

    /// A transaction that other programs see whole or not at all, and that comes before or after all of theirs.
    func write<T>(_ body: (Database) throws -> T) throws -> T { try Self.explaining(path) { try queue.write(body) } }

    /// Sees the gradebook as it is at one moment.
    func read<T>(_ body: (Database) throws -> T) throws -> T { try Self.explaining(path) { try queue.read(body) } }

    /// Grades are nobody else's business: the file is the owner's alone, and SQLite gives the files beside it the same rights.
    private static func makePrivateFile(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        var name = Array("\(path).XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        // Where no file can be made, SQLite says why.
        guard descriptor >= 0 else { return }
        close(descriptor)
        // Another program may have been faster.
        link(name, path)
        unlink(name)
    }

    private static func explaining<T>(_ path: String, _ body: () throws -> T) throws -> T {
        do { return try body() } catch let error as GradebookError {
            throw GradebookError(error.code, error.code == .refused ? error.description : "\(path) can't be used. \(error.description)")
        } catch let error as DatabaseError {
            throw GradebookError(error, path)
        }
    }
}

extension GradebookError {
    fileprivate init(_ error: DatabaseError, _ path: String) {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: self.init(.busy, "\(path) is kept locked by another program. Try again when it is done.")
        case .SQLITE_FULL: self.init(.disk, "\(path) can't be written: the disk is full. Nothing was changed; make room and go on.")
        case .SQLITE_IOERR: self.init(.disk, "\(path) can't be read or written: \(error.message ?? "the disk fails"). Is there room, and is the disk sound?")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
            self.init(.denied, "\(path) can't be opened or written: \(error.message ?? "it is not allowed"). Is its folder there, and is it yours?")
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: self.init(.damaged, "\(path) is no gradebook, or a damaged one: \(error.message ?? "it can't be read"). Use a copy of it that is whole.")
        default: self.init(.damaged, "\(path) can't be used: \(error.message ?? "\(error.resultCode)").")
        }
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}

extension Date {
    /// Since 1970, as times are kept.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1_000).rounded()) }
    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1_000) }
}
