import Foundation

/// A JSON value that keeps what other programs wrote: a number's exact text and an object's order of keys.
///
/// Two values are equal when they hold the same bytes of text and the same number texts; the order of an
/// object's keys does not count.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number as it was written, such as `1.50` or `1e400`.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    public static func == (a: JSONValue, b: JSONValue) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.number(let a), .number(let b)): a.hasSameBytes(as: b)
        case (.string(let a), .string(let b)): a.hasSameBytes(as: b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }

    /// The JSON value that `data` holds.
    /// - Throws: `NotebookError` with line and column.
    public init(parsing data: Data) throws {
        var text = try text(of: data)
        self = try text.withUTF8 { bytes in
            do {
                return try JSONParser.document(bytes).value
            } catch let failure as JSONParser.Failure {
                let (line, column) = place(ofByte: failure.offset, in: bytes)
                throw NotebookError("This is not JSON. " + failure.sentence, line: line, column: column)
            }
        }
    }

    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The number, when it is a whole one that fits.
    public var intValue: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    public var arrayValue: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    public var objectValue: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// What a person calls this value in a sentence: "a string", "an object".
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let text): text.utf8.count <= 20 ? "the number \(text)" : "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// The members of a JSON object, in the order in which they were written.
///
/// Keys are compared byte by byte, as JSON does: two spellings of `é` are two keys.
public struct JSONObject: Sendable, Equatable {
    public struct Member: Sendable, Equatable {
        public var key: String
        public var value: JSONValue
    }

    public private(set) var members: [Member]

    public init() { members = [] }

    /// Members whose keys are known to differ.
    init(uniqueMembers: [Member]) { members = uniqueMembers }

    public init(_ pairs: KeyValuePairs<String, JSONValue>) {
        members = []
        for (key, value) in pairs { self[key] = value }
    }

    public var isEmpty: Bool { members.isEmpty }
    public var count: Int { members.count }
    public var keys: [String] { members.map(\.key) }

    /// The value of a key. Setting nil removes the key; a new key goes to the end. Linear in the number of keys.
    public subscript(key: String) -> JSONValue? {
        get { members.first { $0.key.hasSameBytes(as: key) }?.value }
        set {
            let index = members.firstIndex { $0.key.hasSameBytes(as: key) }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    public static func == (a: JSONObject, b: JSONObject) -> Bool {
        guard a.count == b.count else { return false }
        return zip(a.sortedMembers, b.sortedMembers).allSatisfy {
            $0.key.hasSameBytes(as: $1.key) && $0.value == $1.value
        }
    }

    /// The members by key, in the order of code points, which is the order that Jupyter writes.
    var sortedMembers: [Member] {
        members.count < 2 ? members : members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}

extension String {
    /// Whether both texts are the same bytes. `==` would call two spellings of `é` equal and so lose an edit.
    func hasSameBytes(as other: String) -> Bool {
        var mine = self
        var theirs = other
        return mine.withUTF8 { a in
            theirs.withUTF8 { b in
                a.count == b.count && (a.baseAddress == b.baseAddress || a.elementsEqual(b))
            }
        }
    }
}
