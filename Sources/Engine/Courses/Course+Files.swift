import CellCompiler
import Foundation

extension Course {
    /// The most files and bytes that a course may have.
    static let greatestCount = 50_000
    static let greatestSize = 2 << 30

    /// All files of the course's three folders, by their paths below the root, in order. What is hidden is no part of it.
    /// - Throws: ``CourseError`` for more than a course may have.
    func files() throws -> [String] {
        var found: [String] = [], size = 0
        for room in ["exercises", "solutions", "checkers"] {
            // A course without questions needs neither solutions nor checkers.
            guard let names = FileManager.default.enumerator(atPath: "\(root)/\(room)/\(name)") else { continue }
            while let path = names.nextObject() as? String {
                if (path as NSString).lastPathComponent.hasPrefix(".") { names.skipDescendants(); continue }
                let file = "\(root)/\(room)/\(name)/\(path)"
                var status = stat()
                guard stat(file, &status) == 0 else { throw CourseError("This can't be read: \(String(cString: strerror(errno))).", file: file) }
                if status.st_mode & S_IFMT == S_IFDIR {
                    if (try? FileManager.default.destinationOfSymbolicLink(atPath: file)) != nil {
                        throw CourseError("This is a link to a folder, and a course has its files in its own folders.", file: file)
                    }
                    continue
                }
                guard status.st_mode & S_IFMT == S_IFREG else { throw CourseError("This is neither a file nor a folder, and a course has nothing else.", file: file) }
                found.append("\(room)/\(name)/\(path)")
                size += Int(status.st_size)
                guard found.count <= Self.greatestCount, size <= Self.greatestSize else {
                    throw CourseError("A course has at most \(Self.greatestCount) files with \(Self.greatestSize >> 30) GiB; this one has more.", file: root)
                }
            }
        }
        return found.sorted()
    }

    /// What a learner gets, by paths below their own folder: the exercises with their pictures. The data stay with the
    /// course, since `course.data(…)` finds them from anywhere.
    /// - Throws: ``CourseError`` for what can't be read.
    public func learnerFiles() throws -> [String: Data] {
        let beginning = "exercises/\(name)/"
        let paths = try files().filter { $0.hasPrefix(beginning) && !$0.hasPrefix(beginning + "data/") }
        return try Dictionary(uniqueKeysWithValues: paths.map { path in
            do { return (String(path.dropFirst(beginning.count)), try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(path)"))) } catch {
                throw CourseError("This file can't be read: \(fileReason(error)).", file: "\(root)/\(path)")
            }
        })
    }
}
