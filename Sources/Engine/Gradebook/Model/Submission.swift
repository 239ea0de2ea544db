import Foundation
import Workspace

/// A learner whose work is graded.
public struct Student: Hashable, Sendable {
    /// What a collection calls the learner's folder. There is one student of a name.
    public var learner: String
    /// As the learner's newest submission has them.
    public var name, email: String?

    public init(learner: String, name: String? = nil, email: String? = nil) { (self.learner, self.name, self.email) = (learner, name, email) }
}

/// What a student handed in, as the gradebook knows it.
public struct GradedSubmission: Equatable, Sendable, Identifiable {
    public struct ID: Hashable, Sendable {
        let row: Int64
    }

    public var id: ID
    public var student: Student
    public var exercise: ExerciseName
    /// Of notebook and manifest: what tells it from the student's others.
    public var hash: FileHash
    /// Of the notebook.
    public var notebook: FileHash
    /// Where the notebook lies: the collection's folder, the folder below it, the file's name.
    public var collection, folder, file: String
    /// The course version that the learner worked with, where the manifest says one.
    public var courseVersion: String?
    /// Counts the learner's submissions, by the manifest.
    public var number: Int?
    /// When it was handed in, as the manifest or the file says: the learner's word.
    public var claimed: Date
    /// When it first came into this gradebook.
    public var received: Date
    public var trust: CollectedSubmission.Trust
    public var problems: [String]
    /// Whether it is the one that counts: the student's newest that can be graded.
    public var counts: Bool
}
