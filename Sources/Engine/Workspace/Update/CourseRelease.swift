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

    public init(version: String, files: [String: Data]) {
        self.init(version: version, files: files, description: files["course.json"].flatMap { try? CourseDescription(json: $0) })
    }

    init(version: String, files: [String: Data], description: CourseDescription?) {
        (self.version, self.files, self.description) = (version, files, description)
    }

    /// A course that a store keeps.
    /// - Throws: `CourseError` for files that can't be read.
    public init(_ course: Course) throws { self.init(version: course.version ?? "", files: try course.learnerFiles()) }
}

extension CourseDescription {
    /// Which of an exercise's questions have other names than in an earlier version.
    ///
    /// A version goes on saying which names were changed before it, so what both versions say is no news.
    func renames(since earlier: CourseDescription?, exercise number: Int) -> QuestionRenames {
        let known = earlier?.exercise(number)?.renamedQuestions ?? [:]
        return QuestionRenames((exercise(number)?.renamedQuestions ?? [:]).filter { known[$0.key] != $0.value })
    }
}
