import Foundation
import Notebook
import Processes

/// What a learner has seen of an exercise's hints and solutions, kept from run to run outside of the notebook.
public struct LearnerState: Codable, Equatable, Sendable {
    static let currentVersion = 1
    public private(set) var version = LearnerState.currentVersion
    /// How many hints of a question were shown.
    public var hints: [String: Int] = [:]
    /// The questions whose solution was shown.
    public var solutions: Set<String> = []
    /// The course's version whose names of questions these are; nil where they never changed.
    var namesOf: String?

    public init() {}
}

/// Where learners' states are kept: a small JSON file an exercise, under `$XDG_STATE_HOME/etude`.
public struct LearnerStateStore: Sendable {
    /// The folder itself.
    public let folder: String

    public init(folder: String) { self.folder = folder }

    /// `$XDG_STATE_HOME/etude`, or `~/.local/state/etude`.
    public static func defaultFolder(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        let home = environment["HOME"] ?? NSTemporaryDirectory()
        return (environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.local/state") + "/etude"
    }

    private func file(_ exercise: String) -> URL { URL(fileURLWithPath: "\(folder)/progress/\(exercise).json") }

    /// The state kept; a fresh one when there is none or it can't be read.
    public func state(of exercise: Exercise) -> LearnerState { state(ofExercise: exercise.name) }

    /// - Parameter name: of an exercise that is there or was, for example `embeddings/1`.
    public func state(ofExercise name: String) -> LearnerState { kept(name) ?? LearnerState() }

    /// Changes the state; two programs that do so in the same instant do not undo each other's change. A file of another
    /// version, which a newer Etude may have written, is left as it is; what can't be written is forgotten, for no learner
    /// should lose a hint over it.
    public func update(_ exercise: Exercise, _ change: (inout LearnerState) -> Void) { update(exercise.name, change) }

    /// As for an exercise, by its name.
    func update(_ exercise: String, _ change: (inout LearnerState) -> Void) {
        let file = file(exercise)
        try? FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        FileLock.holding(file.path + ".lock") {
            WholeFile.removeLeftovers(of: file.path)
            guard var state = kept(exercise) else { return }
            change(&state)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            try? WholeFile.replace(file.path, with: encoder.encode(state), called: "What you have seen")
        }
    }

    /// nil for a file of another version.
    private func kept(_ exercise: String) -> LearnerState? {
        struct Versioned: Decodable { var version: Int }
        guard let data = try? Data(contentsOf: file(exercise)) else { return LearnerState() }
        if let version = try? JSONDecoder().decode(Versioned.self, from: data).version, version != LearnerState.currentVersion { return nil }
        return (try? JSONDecoder().decode(LearnerState.self, from: data)) ?? LearnerState()
    }
}
