import Foundation
import Glibc
import Notebook
import Processes

/// A file of a learner's folder, which an update replaces beside the learner's own editor.
struct FolderFile {
    let folder: String
    let path: PortablePath

    /// The most bytes of a file that an update looks at.
    static let greatestSize = 256 << 20

    private var place: String { "\(folder)/\(path.text)" }
    private var description: String { path.text }

    /// What lies there. A link is not followed: it may lead out of the folder.
    /// - Throws: `NotebookError` for a file that can't be read.
    func read() throws -> UpdatePlan.Presence {
        var place = folder, status = stat()
        for (index, part) in path.parts.enumerated() {
            place += "/\(part)"
            guard lstat(place, &status) == 0 else { return .nothing }
            let name = path.parts[...index].joined(separator: "/"), isLast = index == path.parts.count - 1
            switch status.st_mode & S_IFMT {
            case S_IFLNK: return .blocked("\(name) is a link, and where it leads to is not the course's to change")
            case S_IFDIR where !isLast, S_IFREG where isLast: break
            case S_IFDIR: return .blocked("\(name) is a folder, and the course has a file of that name")
            default: return .blocked("\(name) is no folder, and the course has one of that name")
            }
        }
        guard status.st_size <= Self.greatestSize else { return .blocked("it has more than \(Self.greatestSize >> 20) MiB") }
        return .file(try settledBytes())
    }

    /// The bytes when nobody is at work on them: an editor may empty a file before it writes it.
    private func settledBytes() throws -> Data {
        var status = stat(), bytes = try WholeFile.bytes(of: place)
        for _ in 0..<10 {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            guard stat(place, &status) == 0 else { break }
            let age = Double(now.tv_sec - status.st_ctim.tv_sec) + Double(now.tv_nsec - status.st_ctim.tv_nsec) / 1e9
            // One from the future has no age.
            if age > 0.1 || age < 0 { break }
            usleep(50_000)
            bytes = try WholeFile.bytes(of: place)
        }
        return bytes
    }

    /// Puts a file in the place of another in one step.
    ///
    /// - Parameters:
    ///   - known: what should lie there; nil for nothing.
    ///   - new: nil to take it away.
    /// - Returns: false where something else lay there, which lies there still.
    /// - Throws: `NotebookError`; what lay there lies there still.
    func replace(_ known: Data?, with new: Data?) throws -> Bool {
        switch (known, new) {
        case (nil, nil): return true
        case (nil, let new?): return try add(new)
        case (let known?, nil): return try remove(known)
        case (let known?, let new?): return try exchange(known, new)
        }
    }

    private func add(_ new: Data) throws -> Bool {
        let folder = (place as NSString).deletingLastPathComponent
        guard (try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)) != nil else { throw failure() }
        let temporary = try WholeFile.writeTemporary(new, beside: place, of: description, called: "The file")
        defer { unlink(temporary) }
        guard link(temporary, place) == 0 else {
            if errno == EEXIST { return false }
            throw failure()
        }
        WholeFile.syncFolder(of: place)
        return true
    }

    private func remove(_ known: Data) throws -> Bool {
        let aside = asideName
        guard rename(place, aside) == 0 else { return errno == ENOENT }
        guard try WholeFile.bytes(of: aside) == known else {
            // A save came in the last instant: it goes back, unless there is another by now.
            link(aside, place)
            unlink(aside)
            return false
        }
        unlink(aside)
        // A folder that has become empty goes, too.
        for count in (1..<path.parts.count).reversed() where rmdir("\(folder)/\(path.parts[..<count].joined(separator: "/"))") != 0 { break }
        WholeFile.syncFolder(of: folder + "/.")
        return true
    }

    private func exchange(_ known: Data, _ new: Data) throws -> Bool {
        let temporary = try WholeFile.writeTemporary(new, beside: place, of: description, called: "The file")
        // Under this name it is taken up by whoever opens the notebook, should this process be killed with a save in it.
        let aside = asideName
        guard rename(temporary, aside) == 0 else {
            defer { unlink(temporary) }
            throw failure()
        }
        var placed = new, expected = known
        while true {
            switch FileExchange.exchange(aside, place) {
            case .exchanged: break
            case .failed(let code):
                unlink(aside)
                if code == ENOENT { return false }
                throw failure(code)
            case .notSupported:
                guard try WholeFile.bytes(of: place) == expected else {
                    unlink(aside)
                    return false
                }
                guard rename(aside, place) == 0 else { throw failure() }
                return true
            }
            let came = try WholeFile.bytes(of: aside)
            if came == expected {
                unlink(aside)
                WholeFile.syncFolder(of: place)
                return placed == new
            }
            // A save came out that was made in the same instant: it goes back to where it was.
            (placed, expected) = (came, placed)
        }
    }

    /// Removes what a process that was killed left beside the file, unless it may be a save that nobody else has.
    /// - Parameter known: what it was to replace, and what by.
    func removeLeftovers(_ known: [Data?]) {
        WholeFile.removeLeftovers(of: place)
        for leftover in WholeFile.temporaries(WholeFile.swapPrefix, of: place) {
            if let data = try? WholeFile.bytes(of: leftover), known.contains(data) { unlink(leftover) }
        }
    }

    private var asideName: String { WholeFile.folder(of: place) + "/" + WholeFile.temporaryName(WholeFile.swapPrefix, of: place) }

    private func failure(_ code: Int32 = errno) -> NotebookError {
        NotebookError("The file can't be replaced: \(String(cString: strerror(code))).", file: description)
    }
}
