import Foundation
import Notebook
import Workspace

extension LateRules {
    static let version = 1
    private static let greatestSize = 4 << 20

    /// Reads a file of late rules.
    /// - Throws: ``GradebookError`` with the place and what was expected there.
    public init(contentsOfFile path: String) throws {
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: Self.greatestSize + 1) else {
            throw GradebookError(.refused, "\(path) can't be opened. Is it there, and may you read it?")
        }
        try self.init(json: data, file: path)
    }

    /// - Parameter file: for errors.
    public init(json data: Data, file: String = "late.json") throws {
        guard data.count <= Self.greatestSize else { throw GradebookError(.refused, "\(file) has more than \(Self.greatestSize >> 20) MiB, which is not read.") }
        do {
            let root = try Place(JSONValue(parsing: data), file: file, path: "")
            let members = try root.members(required: ["version", "assignments"])
            let version = try members.required("version")
            guard version.value.intValue == Self.version else { throw version.refused("should be \(Self.version), which is what this Etude reads") }
            var rules: [ExerciseName: Rule] = [:]
            for (name, place) in try members.required("assignments").anyMembers() {
                guard let exercise = ExerciseName(name) else { throw place.refused("should have an exercise's name as its key, such as embeddings/1") }
                rules[exercise] = try Rule(place)
            }
            self.init(text: String(decoding: data, as: UTF8.self), rules: rules)
        } catch let error as NotebookError {
            throw GradebookError(.refused, "\(file)\(error.line.map { ":\($0)" } ?? ""): \(error.sentence)")
        }
    }
}

extension LateRules.Rule {
    fileprivate init(_ place: Place) throws {
        let members = try place.members(
            required: ["due"], optional: ["clock", "graceMinutes", "percentPerDay", "atMostPercent", "takenFrom", "closesAfterDays", "extensions"])
        self.init(due: try members.required("due").date())
        if let value = try members["clock"]?.choice(of: Clock.self) { clock = value }
        if let value = try members.integer("graceMinutes", 0...100_000) { graceMinutes = value }
        if let value = try members["percentPerDay"]?.percentage() { percentPerDay = value }
        if let value = try members["atMostPercent"]?.percentage() { atMostPercent = value }
        if let value = try members["takenFrom"]?.choice(of: Base.self) { takenFrom = value }
        closesAfterDays = try members.integer("closesAfterDays", 0...10_000)
        extensions = try members["extensions"]?.elements().map { place in
            let members = try place.members(required: ["learner", "until"], optional: ["reason"])
            return LateRules.Extension(
                learner: try members.required("learner").text(), until: try members.required("until").date(), reason: try members["reason"]?.text())
        } ?? []
    }
}

/// A value in the file, and where it stands.
private struct Place {
    let value: JSONValue
    let file: String
    let path: String

    init(_ value: JSONValue, file: String, path: String) { (self.value, self.file, self.path) = (value, file, path) }

    func refused(_ sentence: String) -> GradebookError { GradebookError(.refused, "\(file): \(path.isEmpty ? "it" : path) \(sentence).") }

    func anyMembers() throws -> [(String, Place)] {
        guard let object = value.objectValue else { throw refused("should be an object, not \(value.kindName)") }
        return object.members.map { ($0.key, Place($0.value, file: file, path: path.isEmpty ? $0.key : "\(path).\($0.key)")) }
    }

    /// A key that is mistyped would be a rule that is not kept, so that each must be known.
    func members(required: [String], optional: [String] = []) throws -> [String: Place] {
        let members = Dictionary(uniqueKeysWithValues: try anyMembers())
        if let missing = required.first(where: { members[$0] == nil }) { throw refused("should have \"\(missing)\"") }
        let known = required + optional
        if let unknown = members.keys.filter({ !known.contains($0) }).min() { throw refused("has \"\(unknown)\", which means nothing there. It may have \(known.joined(separator: ", "))") }
        return members
    }

    func elements() throws -> [Place] {
        guard let list = value.arrayValue else { throw refused("should be a list, not \(value.kindName)") }
        return list.enumerated().map { Place($1, file: file, path: "\(path)[\($0)]") }
    }

    func text() throws -> String {
        guard let text = value.stringValue, !text.isEmpty else { throw refused("should be a text, not \(value.kindName)") }
        return text
    }

    func integer(_ range: ClosedRange<Int>) throws -> Int {
        guard let number = value.intValue, range.contains(number) else { throw refused("should be a whole number from \(range.lowerBound) to \(range.upperBound), not \(value.kindName)") }
        return number
    }

    func percentage() throws -> Double {
        guard case .number(let text) = value, let number = Double(text), (0...100).contains(number) else { throw refused("should be a number from 0 to 100, not \(value.kindName)") }
        return number
    }

    func choice<Choice: RawRepresentable & CaseIterable>(of: Choice.Type) throws -> Choice where Choice.RawValue == String {
        guard let text = value.stringValue, let choice = Choice(rawValue: text) else {
            throw refused("should be \(Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or "))")
        }
        return choice
    }

    /// A time with its distance from UTC: without it, nobody could tell which moment is meant.
    func date() throws -> Date {
        let expected = "should be a time with its zone, such as 2026-03-01T23:59:00+01:00"
        guard let text = value.stringValue, let match = text.wholeMatch(of: #/(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?(?:Z|([+-])(\d\d):(\d\d))/#) else { throw refused(expected) }
        func number(_ text: Substring?) -> Int { text.flatMap { Int($0) } ?? 0 }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = DateComponents(year: number(match.1), month: number(match.2), day: number(match.3), hour: number(match.4), minute: number(match.5), second: number(match.6))
        let hours = number(match.8), minutes = number(match.9)
        guard let date = calendar.date(from: parts), hours <= 14, minutes < 60,
            calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date) == parts else { throw refused(expected + "; there is no \(text)") }
        return date.addingTimeInterval(Double((hours * 60 + minutes) * (match.7 == "-" ? 60 : -60)))
    }
}

extension [String: Place] {
    /// A key that was found to be there.
    fileprivate func required(_ key: String) throws -> Place {
        guard let place = self[key] else { throw GradebookError(.refused, "\"\(key)\" is missing.") }
        return place
    }

    fileprivate func integer(_ key: String, _ range: ClosedRange<Int>) throws -> Int? { try self[key]?.integer(range) }
}
