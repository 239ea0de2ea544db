import Courses
import Foundation
import Notebook

/// A version of a course as a learner gets it.
public struct CourseRelease: Sendable {
    public let version: String
    /// By their paths in the learner's folder.
    public let files: [String: Data]
    /// nil where the files have none that can be read; questions keep their names then, and files theirs.
    let description: CourseDescription?

    public init(version: String, files: [String: Data]) { self.init(version: version, files: files, description: nil) }

    init(version: String, files: [String: Data], description: Data?) {
        (self.version, self.files) = (version, files)
        self.description = (description ?? files["course.json"]).flatMap { try? CourseDescription(json: $0) }
    }

    /// A course that a store keeps.
    /// - Throws: `CourseError` for files that can't be read.
    public init(_ course: Course) throws { self.init(version: course.version ?? "", files: try course.learnerFiles()) }

    /// Which questions of an exercise have other names in a later version, or in an earlier one.
    ///
    /// A version goes on saying which names were changed before it, so what both versions say is no news.
    func renames(to other: CourseRelease, exercise number: Int) -> QuestionRenames {
        let mine = description?.exercise(number)?.renamedQuestions ?? [:], theirs = other.description?.exercise(number)?.renamedQuestions ?? [:]
        let forth = QuestionRenames(theirs.filter { mine[$0.key] != $0.value })
        return forth.isEmpty ? QuestionRenames(mine.filter { theirs[$0.key] != $0.value }).reversed : forth
    }
}
