import Foundation

/// What a learner has seen of an exercise's hints and solutions, kept from run to run outside of the notebook.
public struct LearnerState: Codable, Equatable, Sendable {
    public var version = 1
    /// How many hints of a question were shown.
    public var hints: [String: Int] = [:]
    /// The questions whose solution was shown.
    public var solutions: Set<String> = []

    public init() {}
}

/// Where learners' states are kept: a small JSON file an exercise, under `$XDG_STATE_HOME/etude`.
public struct LearnerStateStore: Sendable {
    private let folder: String

    public init(folder: String) { self.folder = folder }

    private func file(_ exercise: Exercise) -> URL {
        URL(fileURLWithPath: "\(folder)/progress/\(exercise.course.name)/\(exercise.entry.number).json")
    }

    /// The state kept; a fresh one when there is none or it can't be read.
    public func state(of exercise: Exercise) -> LearnerState {
        guard let data = try? Data(contentsOf: file(exercise)), let state = try? JSONDecoder().decode(LearnerState.self, from: data),
            state.version == 1 else { return LearnerState() }
        return state
    }

    public func update(_ exercise: Exercise, _ change: (inout LearnerState) -> Void) {
        var state = state(of: exercise)
        change(&state)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        try? FileManager.default.createDirectory(at: file(exercise).deletingLastPathComponent(), withIntermediateDirectories: true)
        try? encoder.encode(state).write(to: file(exercise), options: .atomic)
    }
}
