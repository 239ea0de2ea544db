/// Strict access to the members of a JSON object: every miss is a sentence that names the place.
struct Record {
    let members: [String: JSON]
    let place: String

    init(_ value: JSON, place: String) throws {
        guard case .object(let members) = value else { throw Record.unreadable("\(place) is no object") }
        (self.members, self.place) = (members, place)
    }

    static func unreadable(_ what: String) -> TrainingError {
        TrainingError(.unreadableArchive, "This archive of a model can't be read: \(what). Save the model again with this version.")
    }

    func miss(_ key: String, _ expected: String) -> TrainingError {
        Record.unreadable("\(place) has no \"\(key)\" that is \(expected)")
    }

    func int(_ key: String, in range: ClosedRange<Int>) throws -> Int {
        guard case .int(let value)? = members[key], range.contains(value) else {
            throw miss(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func double(_ key: String) throws -> Double {
        switch members[key] {
        case .double(let value)?: return value
        case .int(let value)?: return Double(value)
        default: throw miss(key, "a number")
        }
    }

    func bool(_ key: String) throws -> Bool {
        guard case .bool(let value)? = members[key] else { throw miss(key, "true or false") }
        return value
    }

    func string(_ key: String, most: Int = 1_000) throws -> String {
        guard case .string(let value)? = members[key], value.utf8.count <= most else { throw miss(key, "a text of at most \(most) bytes") }
        return value
    }

    func array(_ key: String, most: Int) throws -> [JSON] {
        guard case .array(let values)? = members[key], values.count <= most else { throw miss(key, "a list of at most \(most)") }
        return values
    }

    func record(_ key: String) throws -> Record {
        guard let value = members[key] else { throw miss(key, "an object") }
        return try Record(value, place: "\(place)'s \(key)")
    }

    /// A shape: at most 8 lengths from 1 up.
    func shape(_ key: String) throws -> [Int] {
        try array(key, most: 8).map { length in
            guard case .int(let value) = length, (1...LayerLimits.parameters).contains(value) else { throw miss(key, "a list of lengths from 1 up") }
            return value
        }
    }
}
