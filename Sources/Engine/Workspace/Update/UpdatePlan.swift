import Courses
import Foundation
import Notebook

/// What an update of a course does to a learner's folder, before it is done.
public struct UpdatePlan: Sendable {
    public let course: String
    public let from: String
    public let to: String
    /// The files that change, or would if the learner had not changed them, in the order of their paths.
    public internal(set) var files: [FileChange] = []
    /// Which questions have other names then, by the number of the exercise.
    public internal(set) var renames: [Int: QuestionRenames] = [:]
    var writes: [FileWrite] = []

    /// Whether there is nothing to do.
    public var isNothing: Bool { from == to && writes.isEmpty }

    /// What lies at a path in the learner's folder.
    enum Presence: Equatable {
        case nothing
        case file(Data)
        /// It can't be replaced, for this reason.
        case blocked(String)
    }
}
