import Foundation
import Notebook

/// What an update does to one file of a learner's folder.
public struct FileChange: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// The course has a new file.
        case added
        /// The course changed it, and the learner had not.
        case updated
        /// Both changed it, and it was merged cell by cell.
        case merged
        /// The course took it out, and the learner had not changed it.
        case removed
        /// The course took it out, and it stays since the learner had changed it.
        case kept
        /// The learner had deleted it, and the course changed it: it is there again.
        case returned
        /// Both changed it: the learner's stays, and the course's lies beside it under another name.
        case beside(String)
        /// It stays as it is, for this reason.
        case skipped(String)
    }

    /// Where it lies after the update.
    public var path: String
    /// What it was called before, where the course renamed it.
    public var formerPath: String?
    /// The number of the exercise that it is the notebook of.
    public var exercise: Int?
    public var kind: Kind
    /// What happens to its cells; empty for what is no notebook, or comes or goes as a whole.
    public var cells: [CellChange]
}

/// A file that an update replaces, adds or removes.
struct FileWrite: Equatable, Sendable {
    let path: PortablePath
    /// What the learner's folder had there when the update was planned; nil for nothing.
    let before: Data?
    /// nil for a file that goes.
    let after: Data?
}
