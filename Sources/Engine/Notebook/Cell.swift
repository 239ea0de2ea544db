/// One cell of a notebook: its text, its kind, and what is written beside it.
public struct Cell: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        case code, markdown, raw
    }

    /// The cell's name in its notebook: 1 to 64 letters, digits, `-` and `_`.
    public var id: String { didSet { hasDerivedID = false } }

    /// Whether the id was made from the cell's text because the file gave none. Such an id is not written to a script.
    public internal(set) var hasDerivedID = false

    public var kind: Kind

    /// The text as a notebook shows it: code, or Markdown without comment signs. Lines end with `\n`.
    public var source: String

    /// What nbformat calls the cell's metadata: in a script, the marker's `key="value"` list.
    public var metadata: JSONObject

    /// Pictures that Markdown refers to, as nbformat keeps them.
    public var attachments: JSONObject?

    /// A code cell's outputs, as the .ipynb file holds them; a script holds none.
    public var outputs: [JSONValue] = []

    /// A code cell's execution count, as the .ipynb file holds it, if it has one; a script holds none.
    public var executionCount: JSONValue?

    /// Keys of the cell in an .ipynb file that nbformat 4.5 does not know.
    public var otherKeys: JSONObject

    /// The line of the script, from 1, at which the cell's text starts; nil when the notebook is not from a script.
    public internal(set) var firstLine: Int?

    /// The line of the script, from 1, at which the cell starts: its marker's line, or its text's where it has none.
    public var markerLine: Int? {
        firstLine.map { layout.map { $0.markerLength > 0 } == true ? $0 - 1 : $0 }
    }

    /// How the script wrote this cell.
    var layout: CellLayout?

    public init(
        id: String, kind: Kind = .code, source: String, metadata: JSONObject = JSONObject(),
        attachments: JSONObject? = nil, otherKeys: JSONObject = JSONObject()
    ) {
        self.id = id
        self.kind = kind
        self.source = source
        self.metadata = metadata
        self.attachments = attachments
        self.otherKeys = otherKeys
    }

    /// The marker's words: `// %% Look at the data` has the title "Look at the data".
    public var title: String? {
        get { metadata["title"]?.stringValue }
        set { metadata["title"] = newValue.map(JSONValue.string) }
    }

    /// The question that this cell answers, such as `part3.c`.
    public var problem: String? {
        get { metadata["problem"]?.stringValue }
        set { metadata["problem"] = newValue.map(JSONValue.string) }
    }

    /// What the cell is for in a solutions file: `hint`, `solution`, `right` or `wrong`.
    public var role: String? {
        get { metadata["role"]?.stringValue }
        set { metadata["role"] = newValue.map(JSONValue.string) }
    }

    /// The id of the mistake that a wrong answer makes.
    public var mistake: String? {
        get { metadata["mistake"]?.stringValue }
        set { metadata["mistake"] = newValue.map(JSONValue.string) }
    }

    /// Whether two cells hold the same; where they stand in a file does not count.
    public static func == (a: Cell, b: Cell) -> Bool {
        a.id == b.id && a.kind == b.kind && a.source.hasSameBytes(as: b.source) && a.metadata == b.metadata
            && a.attachments == b.attachments && a.outputs == b.outputs && a.executionCount == b.executionCount
            && a.otherKeys == b.otherKeys
    }
}

/// nbformat's rule for ids, and ids for cells that have none.
enum CellID {
    static func isValid(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count) && id.utf8.allSatisfy(isAllowed)
    }

    static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    static func sentenceAboutInvalid(_ id: String) -> String {
        "The cell id \"\(id.prefix(80))\" is not allowed. An id has 1 to 64 letters (a to z), digits, hyphens and underscores."
    }

    /// Gives every cell of `cells` without an id (its id is empty) one that depends on its kind and text only,
    /// and on how many equal cells stand before it.
    static func assign(to cells: inout [Cell]) {
        guard cells.contains(where: { $0.id.isEmpty }) else { return }
        var taken = Set(cells.map(\.id))
        var repeats: [String: Int] = [:]
        for index in cells.indices where cells[index].id.isEmpty {
            let base = derived(from: cells[index])
            var id = base
            while !taken.insert(id).inserted {
                repeats[base, default: 1] += 1
                id = "\(base)-\(repeats[base]!)"
            }
            cells[index].id = id
            cells[index].hasDerivedID = true
        }
    }

    /// Eight hexadecimal digits of the 64-bit FNV-1a hash of kind and text.
    private static func derived(from cell: Cell) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ bytes: UnsafeBufferPointer<UInt8>) {
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        var text = cell.source
        var kind = cell.kind.rawValue + "\n"
        kind.withUTF8(mix)
        text.withUTF8(mix)
        let digits = String((hash ^ hash >> 32) & 0xffff_ffff, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
