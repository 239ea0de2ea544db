import Foundation
import Notebook
import Processes

/// A learner's notebook file, which the learner's editor and Etude both write.
///
/// Etude changes one cell at a time and leaves every other byte alone. A save by another program in the same instant is
/// neither lost nor mixed up with it: the new file changes places with the old one in one step, and what then came out is
/// looked at; were it not what the change was made for, the change is made anew for that. Every version that Etude
/// replaces is kept in ``history`` first, and every one that it writes. Not for use by several threads at once; several processes may.
public final class LearnerFile {
    public let path: String
    public let history: FileHistory
    /// What the file held when it was read last.
    private var lastRead: (bytes: Data, notebook: Notebook)?
    private var hasTakenUp = false

    /// - Parameter stateFolder: where the learner's state is kept (`$XDG_STATE_HOME/etude`).
    public convenience init(_ path: String, stateFolder: String) {
        self.init(path, history: FileHistory(of: path, stateFolder: stateFolder))
    }

    init(_ path: String, history: FileHistory) { (self.path, self.history) = (path, history) }

    /// What the file held when it was read last, byte for byte; nil when it was not read yet.
    public var bytesRead: Data? { lastRead?.bytes }

    /// The notebook as the file holds it now.
    /// - Throws: `NotebookError` when it can't be read.
    @discardableResult
    public func read() throws -> Notebook {
        takeUpOnce()
        let bytes = try settledBytes()
        if let lastRead, lastRead.bytes == bytes { return lastRead.notebook }
        let notebook = try Notebook(bytes: bytes, ofFile: path)
        lastRead = (bytes, notebook)
        return notebook
    }

    /// Gives one cell another text, as the file is now.
    ///
    /// - Returns: the notebook as the file holds it after that.
    /// - Throws: ``LearnerFileError`` when the cell has changed on disk since the file was read, and `NotebookError` when
    ///   it can't be read or written. Nothing is changed then.
    @discardableResult
    public func replace(cell id: String, with text: String) throws -> Notebook {
        let known = try lastRead?.notebook ?? read()
        guard let before = known.cell(id: id) else { _ = try known.replacing(source: text, ofCell: id); return known }
        try commit { bytes in
            let newest = try Notebook(bytes: bytes, ofFile: self.path)
            guard let cell = newest.cell(id: id) else { throw LearnerFileError.cellGone(path: self.path, cell: id) }
            guard cell.kind == before.kind, cell.source.utf8.elementsEqual(before.source.utf8) else {
                throw LearnerFileError.cellChanged(path: self.path, cell: id)
            }
            return try newest.replacing(source: text, ofCell: id).bytes(forFile: self.path).data
        }
        return try lastRead?.notebook ?? read()
    }

    /// Makes some cells what they are in another version of the notebook, in one step.
    /// - Parameter ids: the cells' ids there.
    /// - Throws: ``LearnerFileError`` when that has no such cell, and `NotebookError` when the file can't be read or written.
    ///   Nothing is changed then.
    public func takeOver(cells ids: [String], from other: Notebook) throws {
        if let id = ids.first(where: { other.cell(id: $0) == nil }) { throw LearnerFileError.notInStarter(path: path, cell: id) }
        try commit { try Notebook(bytes: $0, ofFile: self.path).takingOver(cells: ids, from: other).bytes(forFile: self.path).data }
    }

    // MARK: Versions

    /// The versions that were kept, the newest first.
    public func versions() -> [FileHistory.Version] {
        takeUpOnce()
        return history.versions()
    }

    /// Keeps the file as it is now, unless that is the newest version kept: what the learner's own editor replaces next
    /// can be had back then.
    public func remember() throws {
        takeUpOnce()
        try history.keep(try settledBytes())
    }

    /// Gives the file other contents, such as earlier ones, be they a notebook or not; what it is now is kept. A file that is
    /// gone is there again.
    /// - Throws: `NotebookError` when it can't be written.
    public func replaceAll(with contents: Data) throws {
        if access(path, F_OK) != 0 { try WholeFile.replace(path, with: contents) }
        try commit { _ in contents }
    }

    // MARK: Writing

    /// Replaces the file's bytes by what `change` makes of them, whichever they are by then.
    private func commit(_ change: (Data) throws -> Data) throws {
        let target = try WholeFile.target(of: path)
        try history.makeFolder()
        let written = try locked {
            try takeUp(at: target)
            // Another program may save in between once or twice; after that it would be a race.
            for _ in 0..<10 {
                let base = try settledBytes(orFail: true)
                let new = try change(base)
                if new == base { return new }
                try history.keep(base)
                // An editor may save what it read before, and with it undo this. And who finds that a writer was killed
                // wants to know what it was about to write.
                try history.keep(new)
                if try put(new, inPlaceOf: base, at: target) { return new }
            }
            throw LearnerFileError.busy(path: path)
        }
        WholeFile.syncFolder(of: target)
        lastRead = (try? Notebook(bytes: written, ofFile: path)).map { (written, $0) }
    }

    /// Puts new bytes where the old ones stand, if it is these that stand there.
    /// - Returns: false, with the file as another program left it, when that has saved in the meantime.
    private func put(_ new: Data, inPlaceOf base: Data, at target: String) throws -> Bool {
        let partial = try WholeFile.writeTemporary(new, beside: target, of: path, called: "The notebook")
        // From here on it may hold what an editor saved: should this process be killed, it must not go unseen.
        let aside = WholeFile.folder(of: target) + "/" + WholeFile.temporaryName(WholeFile.swapPrefix, of: target)
        guard rename(partial, aside) == 0 else {
            defer { unlink(partial) }
            throw NotebookError("The notebook can't be written: \(String(cString: strerror(errno))).", file: path)
        }
        var isKnown = true
        // What might be lost stays, and is taken up another time.
        defer { if isKnown { unlink(aside) } }
        var placed = new, expected = base
        while true {
            switch FileExchange.exchange(aside, target) {
            case .exchanged: isKnown = false
            case .failed(let code):
                throw NotebookError("The notebook can't be written: \(String(cString: strerror(code))).", file: path)
            case .notSupported:
                guard try WholeFile.bytes(of: target) == base else { return false }
                guard rename(aside, target) == 0 else {
                    throw NotebookError("The notebook can't be written: \(String(cString: strerror(errno))).", file: path)
                }
                return true
            }
            let came = try bytesLeftAlone(aside)
            if came == expected {
                isKnown = true
                return placed == new
            }
            // Somebody's save came out: it goes back to where it was, and what stands there now was replaced by it.
            if placed != new { try history.keep(placed) }
            (placed, expected) = (came, placed)
        }
    }

    /// What a file holds that has just lost its name, once the program that was writing it has finished.
    private func bytesLeftAlone(_ file: String) throws -> Data {
        let end = ContinuousClock.now + .milliseconds(500)
        while FileExchange.isOpenElsewhere(file) == true, .now < end { usleep(5_000) }
        return try WholeFile.bytes(of: file)
    }

    private func locked<T>(_ work: () throws -> T) rethrows -> T { try FileLock.holding("\(history.folder)/edit.lock", work) }

    // MARK: Writers that were killed

    /// Looks once whether a writer was killed. Where what it left can't be taken up, it stays where it is.
    private func takeUpOnce() {
        guard !hasTakenUp, let target = try? WholeFile.target(of: path) else { return }
        hasTakenUp = true
        let isNeeded = [WholeFile.swapPrefix, WholeFile.temporaryPrefix].contains { !WholeFile.temporaries($0, of: target).isEmpty }
        guard isNeeded, (try? history.makeFolder()) != nil else { return }
        try? locked { try takeUp(at: target) }
    }

    /// Finishes what a writer began that was killed. It had kept what it was to replace, then what it wrote, and swapped the
    /// two; when something else than either lies aside, and the file is still as that writer left it, that is a save which
    /// came in the same instant, and it goes back. Nothing is dropped that is not kept.
    private func takeUp(at target: String) throws {
        WholeFile.removeLeftovers(of: path)
        for leftover in WholeFile.temporaries(WholeFile.swapPrefix, of: target) {
            let came = try WholeFile.bytes(of: leftover)
            let last = try history.versions().prefix(2).map(history.contents)
            if let written = last.first, !last.contains(came), (try? WholeFile.bytes(of: target)) == written {
                _ = try put(came, inPlaceOf: written, at: target)
            }
            if !history.holds(came) { try history.keep(came) }
            unlink(leftover)
        }
    }

    // MARK: Reading

    /// The file's bytes, when nobody is at work on it: a program that does not save in one step leaves it empty, cut off,
    /// or not there at all for a moment.
    private func settledBytes(orFail: Bool = false) throws -> Data {
        let end = ContinuousClock.now + .milliseconds(1_500)
        var problem: (any Error)?
        var last: Data?
        var since = ContinuousClock.now
        while true {
            do {
                let before = FileMark(path)
                let bytes = try WholeFile.bytes(of: path)
                // What is known, or has been there for a while, is whole.
                if bytes == lastRead?.bytes { return bytes }
                if let before, before == FileMark(path), before.age > (bytes.isEmpty ? .milliseconds(300) : .milliseconds(50)) { return bytes }
                if last != bytes { (last, since) = (bytes, .now) }
                // A file from the future has no age; it is whole when it stays.
                if last == bytes, .now - since > .milliseconds(300) { return bytes }
            } catch {
                if access(path, F_OK) == 0 || problem != nil && .now - since > .milliseconds(300) { throw error }
                if problem == nil { since = .now }
                problem = error
            }
            if .now > end {
                if orFail { throw LearnerFileError.busy(path: path) }
                if let last { return last }
                throw problem!
            }
            usleep(10_000)
        }
    }
}

/// Why a cell of a learner's file was left as it is.
public enum LearnerFileError: Error, CustomStringConvertible, LocalizedError, Equatable {
    case cellChanged(path: String, cell: String)
    case cellGone(path: String, cell: String)
    case notInStarter(path: String, cell: String)
    case busy(path: String)

    public var description: String {
        switch self {
        case .cellChanged(let path, let cell):
            "\(path): the cell \"\(cell)\" was edited in the file just now, so it was left as it is. Look at it, and try again."
        case .cellGone(let path, let cell):
            "\(path): the cell \"\(cell)\" is no longer in the file, so nothing was changed."
        case .notInStarter(let path, let cell):
            "\(path): the exercise as it was given has no cell \"\(cell)\", so there is nothing to go back to."
        case .busy(let path):
            "\(path): another program is writing the file all the time, so nothing was changed. Try again when it has finished."
        }
    }

    public var errorDescription: String? { description }
}
