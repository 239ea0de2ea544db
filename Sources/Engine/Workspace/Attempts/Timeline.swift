import Courses
import Foundation
import Notebook

/// What became of a learner's notebook: the attempts at it, and the saves that were kept in between.
///
/// Attempts are counted from the first, which is 1, so that a number goes on naming the same one; saves are known by their
/// time. Nothing of a notebook is read before it is asked for: there may be thousands.
public struct Timeline {
    public enum Moment {
        case attempt(number: Int, AttemptSummary)
        case save(FileHistory.Version)

        public var date: Date {
            switch self {
            case .attempt(_, let summary): summary.attempt.date
            case .save(let version): version.date
            }
        }
    }

    /// The newest first.
    public let moments: [Moment]
    /// Why there is no more, where older attempts can't be read.
    public let problem: GitError?
    private let file: LearnerFile
    private let attempts: Attempts?

    /// - Parameter attempts: those at the exercise that the file belongs to; nil where none are kept.
    public init(of file: LearnerFile, attempts: Attempts?) {
        (self.file, self.attempts) = (file, attempts)
        let history = attempts?.readableHistory()
        problem = history?.problem
        let kept = history?.attempts ?? []
        moments = Self.merged(kept.enumerated().map { .attempt(number: kept.count - $0, $1) }, file, attempts)
    }

    /// Attempts and saves in one order. A save that holds just what the attempt before or after it holds says nothing new.
    private static func merged(_ kept: [Moment], _ file: LearnerFile, _ attempts: Attempts?) -> [Moment] {
        var moments: [Moment] = [], rest = file.versions()[...]
        func bytes(_ moment: Moment?) -> Data? {
            guard case .attempt(_, let summary)? = moment else { return nil }
            return (try? attempts?.attempt(summary.id))?.notebook
        }
        for index in 0...kept.count {
            let older = index < kept.count ? kept[index] : nil
            let saves = rest.prefix { save in older.map { save.date > $0.date } ?? true }
            rest = rest.dropFirst(saves.count)
            if !saves.isEmpty {
                let known = [bytes(index > 0 ? kept[index - 1] : nil), bytes(older)].compactMap { $0 }
                moments += saves.filter { save in
                    let alike = known.filter { $0.count == save.size }
                    return alike.isEmpty || !alike.contains { (try? file.history.contents(of: save)) == $0 }
                }.map(Moment.save)
            }
            if let older { moments.append(older) }
        }
        return moments
    }

    // MARK: What was there

    /// The bytes that the file would hold: an attempt at another form of the notebook is converted to this one's.
    /// - Throws: ``GitError``, or `NotebookError` for what can't be read or converted.
    public func contents(of moment: Moment) throws -> Data {
        switch moment {
        case .save(let version): return try file.history.contents(of: version)
        case .attempt(_, let summary):
            guard let attempt = try attempts?.attempt(summary.id) else { throw TimelineError.nothingKept }
            func form(_ name: String) -> String { (name as NSString).pathExtension.lowercased() }
            guard form(attempt.summary.file) != form(file.path) else { return attempt.notebook }
            return try Notebook(bytes: attempt.notebook, ofFile: attempt.summary.file).bytes(forFile: file.path).data
        }
    }

    public func notebook(of moment: Moment) throws -> Notebook { try Notebook(bytes: contents(of: moment), ofFile: file.path) }

    /// In which cells a moment is other than the one before it.
    public func changes(at index: Int) -> CellChanges {
        switch moments[index] {
        case .attempt(_, let summary): .cells(changed: summary.attempt.changedCells, gone: summary.attempt.goneCells)
        case .save where index == moments.count - 1: .oldest
        case .save: CellChanges(from: try? notebook(of: moments[index + 1]), to: try? notebook(of: moments[index]))
        }
    }

    // MARK: What is there now

    /// What the file holds now.
    public enum Present: Equatable {
        case gone
        /// Just what it held at a moment.
        case kept(index: Int)
        /// Something else, and in which cells it is other than at the newest moment.
        case changed(CellChanges)
    }

    /// - Parameter indices: the moments to compare the file with, the newest first; of many only the first ones count.
    /// - Throws: `NotebookError` where the file can't be read.
    public func present(among indices: some Sequence<Int>) throws -> Present {
        guard access(file.path, F_OK) == 0 else { return .gone }
        let bytes = try WholeFile.bytes(of: file.path)
        let candidates = Array(indices.prefix(50))
        let index = candidates.first { index in
            if case .save(let version) = moments[index], version.size != bytes.count { return false }
            return (try? contents(of: moments[index])) == bytes
        }
        if let index { return .kept(index: index) }
        guard let newest = candidates.first else { return .changed(.oldest) }
        return .changed(CellChanges(from: try? notebook(of: moments[newest]), to: try? Notebook(bytes: bytes, ofFile: file.path)))
    }
}
