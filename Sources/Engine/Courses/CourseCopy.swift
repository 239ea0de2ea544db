import CellCompiler
import Foundation

/// A learner's copy of a course's exercises, made as a whole or not at all, even when the program is killed on the way.
///
/// The files are gathered in a hidden folder, which takes the name when all are there. A folder that exists already may be
/// the one that the learner stands in, and stays; into that each file comes whole, and a copy that was cut off is gone on with.
public struct CourseCopy: Sendable {
    public let course: Course
    public let target: String

    public init(of course: Course, to target: String) { (self.course, self.target) = (course, target) }

    private static let stagingPrefix = ".etude-start-"

    /// What a target may look like.
    public enum Ground: Equatable, Sendable { case free, emptyFolder, cutOff, taken, file }

    /// What is there now.
    public var ground: Ground {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: target, isDirectory: &isFolder) else { return .free }
        guard isFolder.boolValue else { return .file }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: target) else { return .taken }
        if names.isEmpty { return .emptyFolder }
        return names.contains(Self.stagingPrefix + course.name) ? .cutOff : .taken
    }

    /// Makes the copy.
    /// - Throws: ``CourseCopyError``; the target is then as it was, or a copy that is cut off.
    public func make() throws {
        do {
            switch ground {
            case .free: try makeFolder()
            case .emptyFolder, .cutOff: try fillFolder()
            case .taken, .file: throw CourseCopyError.taken(target)
            }
        } catch let error as CourseCopyError { throw error } catch { throw CourseCopyError.failed(target, reason: fileReason(error)) }
    }

    /// The data stay with the course: `course.data(…)` finds them from anywhere.
    private func parts() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: course.exercisesFolder).filter { $0 != "data" && !$0.hasPrefix(".") }.sorted()
    }

    private func makeFolder() throws {
        let url = URL(fileURLWithPath: target).standardizedFileURL
        let parent = url.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        let staging = parent.appendingPathComponent(Self.stagingPrefix + url.lastPathComponent).path
        try holding(staging) {
            do {
                for name in try FileManager.default.contentsOfDirectory(atPath: staging) { try FileManager.default.removeItem(atPath: "\(staging)/\(name)") }
                for part in try parts() { try FileManager.default.copyItem(atPath: "\(course.exercisesFolder)/\(part)", toPath: "\(staging)/\(part)") }
                guard rename(staging, url.path) == 0 else {
                    throw [ENOTDIR, ENOTEMPTY, EEXIST].contains(errno) ? CourseCopyError.taken(target) : .failed(target, reason: String(cString: strerror(errno)))
                }
            } catch {
                try? FileManager.default.removeItem(atPath: staging)
                throw error
            }
        }
    }

    private func fillFolder() throws {
        let staging = "\(target)/\(Self.stagingPrefix)\(course.name)"
        try holding(staging) {
            for part in try parts() where !FileManager.default.fileExists(atPath: "\(target)/\(part)") {
                try? FileManager.default.removeItem(atPath: "\(staging)/\(part)")
                try FileManager.default.copyItem(atPath: "\(course.exercisesFolder)/\(part)", toPath: "\(staging)/\(part)")
                try FileManager.default.moveItem(atPath: "\(staging)/\(part)", toPath: "\(target)/\(part)")
            }
            try FileManager.default.removeItem(atPath: staging)
        }
    }

    /// Does something while no other program gathers files in a folder, which is made where it is not there.
    private func holding(_ staging: String, _ work: () throws -> Void) throws {
        guard mkdir(staging, 0o777) == 0 || errno == EEXIST else { throw CourseCopyError.failed(target, reason: String(cString: strerror(errno))) }
        let descriptor = open(staging, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw CourseCopyError.failed(target, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var (held, named) = (stat(), stat())
        // Who came first may have finished, and the name may be gone or another folder's.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK,
            fstat(descriptor, &held) == 0, lstat(staging, &named) == 0, held.st_ino == named.st_ino else { throw CourseCopyError.busy(target) }
        try work()
    }
}

/// Why there is no copy of a course.
public enum CourseCopyError: Error, CustomStringConvertible, Equatable {
    case taken(String)
    case busy(String)
    case failed(String, reason: String)

    public var description: String {
        switch self {
        case .taken(let target): "\(target) is there already and not empty; nothing was changed. Name another folder."
        case .busy(let target): "Another program makes a copy in \(target) just now. Look whether it is there when that has finished."
        case .failed(let target, let reason): "The course can't be copied to \(target): \(reason). When that is mended, start again."
        }
    }
}
