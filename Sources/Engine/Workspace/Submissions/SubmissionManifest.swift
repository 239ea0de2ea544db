import Foundation
import Wire

/// `submission.json`: who hands in what.
///
/// All of it is the learner's word. What can be proven is that the notebook is the one that it speaks of.
public struct SubmissionManifest: Equatable, Sendable {
    static let version = 1
    /// The file's name.
    public static let file = "submission.json"
    static let greatestSize = 256 << 10
    private static let greatestText = 200
    private static let greatestResults = 1_000

    public var learner: Identity
    public var exercise: ExerciseName
    /// The version of the course that the learner worked with; nil where the course says none.
    public var courseVersion: String?
    /// Counts the learner's submissions of the exercise from 1.
    public var number: Int
    /// The notebook's name, without folders.
    public var file: String
    public var hash: FileHash
    /// To the millisecond.
    public var date: Date
    /// The version of Etude that made it.
    public var etude: String
    /// How the questions came out in the learner's dry run.
    public var claims: [Attempt.Result]
    /// 32 random hexadecimal digits, so that no two submissions are the same.
    public var nonce: String

    /// As it is written: keys sorted, the same bytes for the same values.
    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(File(self)) + Data("\n".utf8)
    }

    /// - Throws: ``SubmissionError`` for anything but a manifest of this version within its bounds.
    init(json data: Data) throws {
        func refused(_ sentence: String) -> SubmissionError { SubmissionError("\(Self.file) \(sentence). Ask for it to be made anew with etude submit.") }
        guard data.count <= Self.greatestSize else { throw refused("has \(data.count) bytes, and at most \(Self.greatestSize) are read") }
        struct Versioned: Decodable { var version: Int }
        guard let version = (try? JSONDecoder().decode(Versioned.self, from: data))?.version else { throw refused("is not JSON with a version") }
        guard version == Self.version else {
            throw SubmissionError("\(Self.file) has the version \(version), and this Etude reads version \(Self.version). Another version of Etude may read it.")
        }
        let file: File
        do { file = try JSONDecoder().decode(File.self, from: data) } catch { throw refused("lacks a key, or has a value of another kind\(Self.place(of: error))") }
        func checked<T>(_ value: T?, _ key: String, _ expected: String) throws -> T {
            guard let value else { throw refused("should have \(expected) under \"\(key)\"") }
            return value
        }
        func bounded(_ text: String, _ key: String) throws -> String {
            guard text.utf8.count <= Self.greatestText else { throw refused("has more than \(Self.greatestText) bytes under \"\(key)\"") }
            return text
        }
        learner = try checked(Identity(name: file.learner.name, email: file.learner.email), "learner", "a name and an address")
        exercise = try checked(ExerciseName(file.exercise).flatMap { $0.course == file.course ? $0 : nil }, "exercise", "an exercise's name that begins with its course's")
        courseVersion = try file.courseVersion.map { try bounded($0, "courseVersion") }
        number = try checked((1...1_000_000).contains(file.number) ? file.number : nil, "number", "a number from 1 on")
        self.file = try checked(Submission.isNotebookName(file.file) ? file.file : nil, "file", "the name of a notebook")
        hash = try checked(file.files.count == 1 ? file.files[file.file] : nil, "files", "the notebook's hash, and no other")
        date = try checked(Date(thousandths: file.time), "time", "a time such as 2026-03-01T14:07:31.250Z")
        etude = try bounded(file.etude, "etude")
        nonce = try checked(Self.isNonce(file.nonce) ? file.nonce : nil, "nonce", "32 hexadecimal digits")
        guard file.claims.count <= Self.greatestResults else { throw refused("claims \(file.claims.count) results, and at most \(Self.greatestResults) are read") }
        claims = try file.claims.map { claim in
            let outcome = try checked(Verdict.Outcome(rawValue: claim.outcome), "claims", "a known outcome")
            guard claim.points.isFinite, claim.maximum.isFinite else { throw refused("claims points that are no number") }
            return Attempt.Result(
                problem: try bounded(claim.problem, "problem"), outcome: outcome, points: claim.points, maximum: claim.maximum,
                mistake: try claim.mistake.map { try bounded($0, "mistake") })
        }
    }

    init(
        learner: Identity, exercise: ExerciseName, courseVersion: String?, number: Int, file: String, hash: FileHash, date: Date, etude: String,
        claims: [Attempt.Result]
    ) {
        (self.learner, self.exercise, self.courseVersion, self.number) = (learner, exercise, courseVersion, number)
        (self.file, self.hash, self.etude, self.claims) = (file, hash, etude, claims)
        self.date = Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1_000).rounded() / 1_000)
        nonce = (0..<2).map { _ in String(format: "%016lx", UInt64.random(in: 0 ... .max)) }.joined()
    }

    private static func isNonce(_ text: String) -> Bool { text.utf8.count == 32 && FileHash(text + text) != nil }

    /// Where in the JSON something was found wrong: " at claims[3].points".
    private static func place(of error: any Error) -> String {
        var path: [any CodingKey] = []
        switch error as? DecodingError {
        case .keyNotFound(let key, let context): path = context.codingPath + [key]
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): path = context.codingPath
        default: break
        }
        let text = path.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue.prefix(40))" }.joined()
        return text.isEmpty ? "" : " at \"\(text.drop { $0 == "." })\""
    }

    private struct File: Codable {
        struct Learner: Codable { var name, email: String }
        struct Claim: Codable {
            var problem, outcome: String
            var points, maximum: Double
            var mistake: String?
        }

        var version: Int
        var learner: Learner
        var course, exercise: String
        var courseVersion: String?
        var number: Int
        var file: String
        var files: [String: FileHash]
        var time, etude, nonce: String
        var claims: [Claim]

        init(_ manifest: SubmissionManifest) {
            version = SubmissionManifest.version
            learner = Learner(name: manifest.learner.name, email: manifest.learner.email)
            (course, exercise, courseVersion) = (manifest.exercise.course, manifest.exercise.description, manifest.courseVersion)
            (number, file, files) = (manifest.number, manifest.file, [manifest.file: manifest.hash])
            (time, etude, nonce) = (manifest.date.inThousandths, manifest.etude, manifest.nonce)
            claims = manifest.claims.map { Claim(problem: $0.problem, outcome: $0.outcome.rawValue, points: $0.points, maximum: $0.maximum, mistake: $0.mistake) }
        }
    }
}

extension Date {
    /// ISO 8601 in UTC, to the millisecond; of a date that no calendar on a wall has, the nearest that one has.
    public var inThousandths: String {
        // Anybody's commit may say that it was made at any second. Foundation cuts what a fraction of two can't hold.
        let time = min(max(timeIntervalSince1970, -62_135_596_800), 253_402_300_799)
        let thousandths = Int64((time * 1_000).rounded()), second = Int64((Double(thousandths) / 1_000).rounded(.down))
        return Date(timeIntervalSince1970: Double(second)).formatted(.iso8601).dropLast() + String(format: ".%03dZ", thousandths - second * 1_000)
    }

    /// - Returns: nil for another text than ``inThousandths`` gives.
    public init?(thousandths text: String) {
        guard text.utf8.count == 24, text.hasSuffix("Z"), text.dropFirst(19).hasPrefix("."), let thousandths = UInt(text.dropFirst(20).prefix(3)),
            let second = try? Date("\(text.prefix(19))Z", strategy: .iso8601) else { return nil }
        self = Date(timeIntervalSince1970: (second.timeIntervalSince1970 * 1_000 + Double(thousandths)) / 1_000)
    }
}
