/// What a course says of itself in `course.json`: its exercises in order, its data, its links.
///
/// Decoding is strict: another version, a missing key, one key too many, or a value of another type is an error.
/// `CourseDescription(contentsOfCourseFolder:)` checks the files too.
public struct CourseDescription: Codable, Sendable, Equatable {
    /// The one version that can be read.
    public static let version = 1

    public var version = Self.version
    /// The course's name on the command line: lower-case letters, digits, hyphens.
    public var name: String
    public var title: String
    public var summary: String
    public var exercises: [Exercise]
    /// The tables that `course.data(_:)` gives.
    public var data: [DataFile] = []
    public var dataSource: DataSource?
    /// Where to go from here, by name: `forum`, `next`, `feedback`, or a name of the course's own.
    public var links: [String: String] = [:]

    public struct Exercise: Codable, Sendable, Equatable {
        public var number: Int
        /// The notebook, relative to the course's folder.
        public var file: String
        public var title: String
        /// The module with the exercise's questions; nil for one without.
        public var checker: String?
        public var minutes: Int
        /// The questions that had other names in earlier versions of the course: today's names by those.
        public var renamedQuestions: [String: String] = [:]
    }

    public struct DataFile: Codable, Sendable, Equatable {
        public var name: String
    }

    /// What the tables are made from; paths are relative to the course's folder.
    public struct DataSource: Codable, Sendable, Equatable {
        public var folder: String
        public var prepare: String
        public var licence: String
    }

    /// The exercise of that number.
    public func exercise(_ number: Int) -> Exercise? { exercises.first { $0.number == number } }
}

// MARK: Strict decoding

extension CourseDescription {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case version, name, title, summary, exercises, data, dataSource, links
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        // The version comes first: what another version means by the other keys is not known.
        version = try values.decode(Int.self, forKey: .version)
        guard version == Self.version else {
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: values,
                debugDescription: "The version is \(version); this Etude reads version \(Self.version). Look for another Etude.")
        }
        try decoder.refuseKeys(notIn: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        title = try values.decode(String.self, forKey: .title)
        summary = try values.decode(String.self, forKey: .summary)
        exercises = try values.decode([Exercise].self, forKey: .exercises)
        data = try values.decodeIfPresent([DataFile].self, forKey: .data) ?? []
        dataSource = try values.decodeIfPresent(DataSource.self, forKey: .dataSource)
        links = try values.decodeIfPresent([String: String].self, forKey: .links) ?? [:]
    }
}

extension CourseDescription.Exercise {
    enum CodingKeys: String, CodingKey, CaseIterable { case number, file, title, checker, minutes, renamedQuestions }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(notIn: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        number = try values.decode(Int.self, forKey: .number)
        file = try values.decode(String.self, forKey: .file)
        title = try values.decode(String.self, forKey: .title)
        checker = try values.decodeIfPresent(String.self, forKey: .checker)
        minutes = try values.decode(Int.self, forKey: .minutes)
        renamedQuestions = try values.decodeIfPresent([String: String].self, forKey: .renamedQuestions) ?? [:]
    }
}

extension CourseDescription.DataFile {
    enum CodingKeys: String, CodingKey, CaseIterable { case name }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(notIn: CodingKeys.self)
        name = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .name)
    }
}

extension CourseDescription.DataSource {
    enum CodingKeys: String, CodingKey, CaseIterable { case folder, prepare, licence }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(notIn: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        folder = try values.decode(String.self, forKey: .folder)
        prepare = try values.decode(String.self, forKey: .prepare)
        licence = try values.decode(String.self, forKey: .licence)
    }
}

private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int?
    init(stringValue: String) { self.stringValue = stringValue }
    init(intValue: Int) { (stringValue, self.intValue) = (String(intValue), intValue) }
}

extension Decoder {
    /// Throws for a key that the format does not know, which is most often a slip of the pen.
    fileprivate func refuseKeys<Keys: CodingKey & CaseIterable>(notIn keys: Keys.Type) throws {
        let known = keys.allCases.map(\.stringValue)
        let found = try container(keyedBy: AnyKey.self).allKeys
        guard let unknown = found.filter({ !known.contains($0.stringValue) }).min(by: { $0.stringValue < $1.stringValue })
        else { return }
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: codingPath + [unknown],
                debugDescription: "This key is not known here; the keys are \(known.joined(separator: ", "))."))
    }
}
