import Foundation
import Notebook
import Processes

/// Where a learner is in an exercise: the file at work, and the question.
public struct LearnerPlace: Codable, Equatable, Sendable {
    /// The notebook's file, from the root.
    public var file: String
    /// The exercise's name, for example `embeddings/1`; nil for a notebook of the learner's own.
    public var exercise: String?
    /// The step, counted from 0.
    public var step: Int
    /// The exercise's questions when it was there last, which tell the steps apart; nil when they were not known.
    public var questions: [String]?
    /// How the questions came out when they were asked last.
    public var outcomes: [String: String]

    public init(file: String, exercise: String?, step: Int = 0, outcomes: [String: String] = [:]) {
        (self.file, self.exercise, self.step, self.outcomes) = (file, exercise, step, outcomes)
    }
}

extension LearnerStateStore {
    /// Files beyond this many are forgotten, the oldest first.
    static let placeLimit = 50

    private struct Places: Codable {
        static let currentVersion = 1
        var version = Places.currentVersion
        var places: [LearnerPlace]
        /// Folders that are to stay without a repository.
        var declined: [String]?
    }

    private var placesFile: URL { URL(fileURLWithPath: "\(folder)/places.json") }

    private var kept: Places {
        guard let data = try? Data(contentsOf: placesFile), let kept = try? JSONDecoder().decode(Places.self, from: data),
            kept.version == Places.currentVersion else { return Places(places: []) }
        return kept
    }

    /// Where the learner was, the last place first; places whose file is gone are left out.
    public var places: [LearnerPlace] { kept.places.filter { FileManager.default.fileExists(atPath: $0.file) } }

    /// The folders that the learner works in, or worked.
    var workspaceFolders: [String] { places.map { ($0.file as NSString).deletingLastPathComponent }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }

    /// Whether the learner wants no repository in a folder.
    public func isDeclined(_ folder: String) -> Bool { kept.declined?.contains(folder) ?? false }

    public func decline(_ folder: String) { change { $0.declined = Array((($0.declined ?? []) + [folder]).suffix(Self.placeLimit)) } }

    /// Makes a place the last one.
    public func remember(_ place: LearnerPlace) {
        change { $0.places = Array(([place] + $0.places.filter { $0.file != place.file }).prefix(Self.placeLimit)) }
    }

    func changePlaces(_ change: (inout LearnerPlace) -> Void) {
        self.change { kept in
            for index in kept.places.indices { change(&kept.places[index]) }
        }
    }

    /// What can't be written is forgotten; a file that a newer Etude wrote is left as it is.
    private func change(_ change: (inout Places) -> Void) {
        struct Versioned: Decodable { var version: Int }
        let file = placesFile
        try? FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        FileLock.holding(file.path + ".lock") {
            WholeFile.removeLeftovers(of: file.path)
            if let data = try? Data(contentsOf: file), let version = try? JSONDecoder().decode(Versioned.self, from: data).version,
                version != Places.currentVersion { return }
            var places = kept
            change(&places)
            places.places.removeAll { !FileManager.default.fileExists(atPath: $0.file) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            try? WholeFile.replace(file.path, with: encoder.encode(places), called: "Where you are")
        }
    }
}
