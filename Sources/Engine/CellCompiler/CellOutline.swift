/// What can be said of a cell from its text alone: what it declares, what it uses, what it still lacks.
public struct CellOutline: Hashable, Sendable {
    /// The cell's import declarations.
    public internal(set) var imports: [Import] = []
    /// What the cell declares at its top level, in order.
    public internal(set) var declarations: [Declaration] = []
    /// Every identifier and operator that occurs in the cell.
    public internal(set) var uses: Set<String> = []
    /// The names whose values it may change: it assigns to them, passes them on with `&`, or calls their methods.
    public internal(set) var changedNames: Set<String> = []
    /// The gaps that a learner is to fill (`<#...#>`).
    public internal(set) var placeholders: [Placeholder] = []
    /// Whether the cell awaits something at its top level.
    public internal(set) var usesTopLevelAwait = false
    /// Whether there is nothing to compile: no text, or comments only.
    public internal(set) var isEmpty = true
    /// Where the expression stands whose value the cell shows, as UTF-8 offsets; nil when its last statement is none.
    public internal(set) var lastExpression: Range<Int>?
    /// The cell's tokens without comments and white space: two cells with the same tokens mean the same.
    public internal(set) var tokens: [String] = []
    /// Whether the text is not whole Swift; such a cell is compiled for its messages only.
    public internal(set) var hasSyntaxErrors = false
    /// Whether the parser was spared the text: of such a cell nothing is known, and it does not compile.
    public internal(set) var isUnreadable = false
    /// Whether it has a loop, a closure, a function or a type, and so gains from optimisation.
    public internal(set) var gainsFromOptimisation = false
    /// Names that a top-level `guard let` binds: no other cell sees them.
    public internal(set) var guardedNames: Set<String> = []

    /// Its statements and declarations, for the order of cells.
    var items: [CodeItem] = []
    /// Its calls that set the random generator, which needs no name to reach other cells.
    var seeds: [String] = []

    // What the compiler's own edits need.
    var members: [Member] = []
    var variableOffsets: [Int] = []
    var witnessExtensions: [WitnessExtension] = []
    var sourceLocationDirectives: [Range<Int>] = []
    /// A last expression whose value the learner hides with a semicolon.
    var silencedExpression: Range<Int>?

    /// The names that the cell declares, types, functions and variables alike.
    public var declaredNames: Set<String> {
        Set(declarations.lazy.filter { $0.kind != .extension }.map(\.name))
    }

    /// Whether the cell changes what others mean without being named: extensions, operators.
    public var reachesBeyondItsNames: Bool {
        declarations.contains { [.extension, .operator, .precedenceGroup].contains($0.kind) || $0.isOperatorFunction }
    }
}

extension CellOutline {
    static let unreadable: CellOutline = {
        var outline = CellOutline()
        (outline.isEmpty, outline.hasSyntaxErrors, outline.isUnreadable) = (false, true, true)
        return outline
    }()
}

extension CellOutline {
    /// An import declaration of a cell.
    public struct Import: Hashable, Sendable {
        /// The declaration on one line, for example `import struct Foundation.Date`.
        public var text: String
        public var module: String
        public var line: Int
    }

    /// Something that a cell declares at its top level.
    public struct Declaration: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable {
            case variable, constant, function, structure, `class`, actor, enumeration, `protocol`, `typealias`
            case `extension`, `operator`, precedenceGroup, macro
        }
        public var kind: Kind
        /// The declared name; for an extension, the extended type.
        public var name: String
        /// 1-based, where the name stands.
        public var line: Int
        /// 1-based, in characters.
        public var column: Int
        /// Whether it is an async function.
        public var isAsync = false
        /// Whether other cells can't see it.
        public var isPrivate = false
        /// The type that the learner wrote, or a function's signature.
        public var typeText: String?
        /// For a function: its labels and parameter types. For an operator: its fixity and precedence group.
        var signature = ""
        /// A function's effects and result: two functions that differ in these alone can't both be meant, and yet the
        /// compiler takes them for overloads.
        var result = ""
        var access: AccessPlace = AccessPlace(offset: 0, existing: nil)
        /// UTF-8 offsets of the whole declaration.
        var range: Range<Int> = 0..<0
        var hasOpaqueResult = false

        var isOperatorFunction: Bool {
            kind == .function && !(name.first.map { $0.isLetter || $0 == "_" } ?? false)
        }
        public var isType: Bool {
            [.structure, .class, .actor, .enumeration, .protocol, .typealias].contains(kind)
        }
    }

    /// A gap that a learner is to fill.
    public struct Placeholder: Hashable, Sendable {
        /// The words between `<#` and `#>`.
        public var text: String
        public var line: Int
        public var column: Int
    }

    /// Where an access modifier goes, and the one that stands there already.
    struct AccessPlace: Hashable, Sendable {
        var offset: Int
        var existing: Range<Int>?
    }

    /// A member that an extension declares.
    struct Member: Hashable, Sendable {
        var type: String
        var name: String
        /// Kind, labels, parameter types, constraints: two members with one signature can't both be meant.
        var signature: String
        var access: AccessPlace
        var isPrivate: Bool
    }

    /// An extension that states conformances, whose members may have to be public.
    struct WitnessExtension: Hashable, Sendable {
        var type: String
        var protocols: [String]
        var members: [(access: AccessPlace, mentions: Set<String>)]

        static func == (a: Self, b: Self) -> Bool { a.type == b.type && a.protocols == b.protocols }
        func hash(into hasher: inout Hasher) { hasher.combine(type) }
    }
}
