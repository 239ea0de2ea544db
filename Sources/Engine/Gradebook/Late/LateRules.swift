import Foundation
import Workspace

/// What late submissions lose, and who may be late: a file of the instructor's. docs/formats/late-rules.md describes it.
public struct LateRules: Equatable, Sendable {
    /// Of one exercise.
    public struct Rule: Equatable, Sendable {
        /// Which time tells when a submission was handed in.
        public enum Clock: String, CaseIterable, Sendable {
            /// The manifest's or the file's: the learner's word.
            case claimed
            /// When the submission first came into the gradebook.
            case received
        }

        /// What a percentage is of.
        public enum Base: String, CaseIterable, Sendable { case earned, maximum }

        public var due: Date
        public var clock = Clock.claimed
        /// A submission that is no later than this is on time.
        public var graceMinutes = 0
        /// Taken for each day that has begun since it was due.
        public var percentPerDay = 0.0
        public var atMostPercent = 100.0
        public var takenFrom = Base.earned
        /// After so many days all is lost; nil for never.
        public var closesAfterDays: Int?
        public var extensions: [Extension] = []
    }

    /// A later day for one student.
    public struct Extension: Equatable, Sendable {
        /// What the collection calls the learner's folder, or an address.
        public var learner: String
        public var until: Date
        public var reason: String?

        func isFor(_ student: Student) -> Bool { student.learner == learner || student.email.map { $0.lowercased() == learner.lowercased() } == true }
    }

    /// The file's text, byte for byte.
    let text: String
    public let rules: [ExerciseName: Rule]

    init(text: String, rules: [ExerciseName: Rule]) { (self.text, self.rules) = (text, rules) }

    /// - Returns: nil where nothing is said of the exercise: then nothing is late.
    public subscript(exercise: ExerciseName) -> Rule? { rules[exercise] }

    /// Those that extensions name and that none of the students is: mistyped names, perhaps.
    public func strangers(among students: [Student], for exercise: ExerciseName) -> [String] {
        (self[exercise]?.extensions ?? []).filter { extra in !students.contains { extra.isFor($0) } }.map(\.learner)
    }
}

/// How late a submission is, and what it loses.
public struct Lateness: Equatable, Sendable {
    public var handedIn: Date
    /// With the student's extension.
    public var due: Date
    public var `extension`: LateRules.Extension?
    /// Days that have begun since; 0 for one that is on time.
    public var days: Int
    /// What is taken, in percent.
    public var percent: Double
    public var takenFrom: LateRules.Rule.Base

    public var isLate: Bool { days > 0 }

    /// What is left of points; never less than nothing.
    public func points(of earned: Double, maximum: Double) -> Double {
        max(0, earned - percent / 100 * (takenFrom == .earned ? earned : maximum))
    }
}

/// What late rules do to a student's points.
public struct LateEffect: Equatable, Sendable {
    public var student: Student
    /// nil where the rules say nothing of the exercise.
    public var lateness: Lateness?
    /// The points as they count now, and with the rules.
    public var before, after: Double
}

extension LateRules.Rule {
    func lateness(of submission: GradedSubmission) -> Lateness {
        let extra = extensions.filter { $0.isFor(submission.student) }.max { $0.until < $1.until }
        let handedIn = clock == .claimed ? submission.claimed : submission.received, due = max(due, extra?.until ?? due)
        let late = handedIn.timeIntervalSince(due)
        let days = late <= Double(graceMinutes) * 60 ? 0 : Int((min(late, 1e9) / 86_400).rounded(.up))
        let isClosed = closesAfterDays.map { days > $0 } ?? false
        return Lateness(
            handedIn: handedIn, due: due, extension: extra, days: days, percent: isClosed ? 100 : min(Double(days) * percentPerDay, atMostPercent),
            takenFrom: isClosed ? .earned : takenFrom)
    }
}
