import Foundation
import Workspace

/// One pass over the submissions of an exercise with one grading key: the first one, or a regrade.
public struct Round: Equatable, Sendable, Identifiable {
    public struct ID: Hashable, Sendable {
        let row: Int64
    }

    public enum State: String, Sendable {
        /// Its results count, and new submissions are graded in it.
        case current
        /// Its results count where no later round has one.
        case former
        /// Its results are kept aside until a person accepts or drops them.
        case proposed
        /// Its results never count.
        case dropped
    }

    public var id: ID
    public var exercise: ExerciseName
    public var key: GradingKey
    public var state: State
    /// In the order of the exercise.
    public var questions: [Question]
    /// Who began it, when, and why.
    public var author: String
    public var begun: Date
    public var reason: String
}

/// A question of an exercise that gives points.
public struct Question: Equatable, Sendable {
    /// For example `part3.c`.
    public var path: String
    public var maximum: Double

    public init(_ path: String, maximum: Double = 1) { (self.path, self.maximum) = (path, maximum) }
}
