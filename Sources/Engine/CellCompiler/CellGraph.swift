/// Which cells of a file need which others, read from their texts alone.
///
/// In a file meaning is top to bottom: a name means its nearest declaration above, as changed by the cells between. Cells
/// may run in any order; this says what would be different had they run from the top. Where a text does not tell whether a
/// cell matters to another (a method may change what it is called on, a function what it is handed), it says ``Certainty/possible``,
/// and never nothing. Random numbers, files and the clock are no names: cells that share no more than those are independent.
public struct CellGraph: Sendable {
    public enum Certainty: Hashable, Sendable { case certain, possible }

    /// Why a cell needs another.
    public enum Link: Hashable, Sendable {
        /// It uses a name that the other declares or changes.
        case names
        /// The other has extensions or operators, which reach it without being named.
        case unnamed
        /// The other has imports, which carry over, or sets the random generator; no more of it matters.
        case surroundings
    }

    /// A cell that another needs.
    public struct Need: Hashable, Sendable {
        public var cell: String
        /// What the cell gives or changes, sorted: names, extended types, imported modules.
        public var names: [String]
        public var certainty: Certainty
        public var link: Link
    }

    public enum Independence: Hashable, Sendable {
        case independent
        /// Running it may matter, by way of these names.
        case doubtful([String])
        /// Running it matters, since it declares or changes these names.
        case related([String])
    }

    let ids: [String]
    let outlines: [CellOutline]
    /// For each cell the cells above that it needs itself, in file order.
    let direct: [[Need]]
    private let indices: [String: Int]
    private let table: NameTable
    private let reads: [[Int: NameTable.Certainty]]

    /// - Parameter cells: the code cells, in file order.
    public init(_ cells: [(id: String, outline: CellOutline)]) {
        (ids, outlines) = (cells.map(\.id), cells.map(\.outline))
        indices = Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var table = NameTable()
        var direct: [[Need]] = [], reads: [[Int: NameTable.Certainty]] = []
        for (index, outline) in outlines.enumerated() {
            var links = Links()
            let read = table.add(outline)
            for (entity, certainty) in read {
                let declared = table.entities[entity]
                let isNamed = certainty == .certain
                if declared.cell < index, isNamed { links.add(declared.name, from: declared.cell, .certain, .names) }
                for change in table.changers[entity] where change.cell < index && change.cell > declared.cell {
                    links.add(declared.name, from: change.cell, isNamed && change.certainty == .certain ? .certain : .possible, .names, isNamed: isNamed)
                }
            }
            for (above, other) in outlines[..<index].enumerated() {
                if other.reachesBeyondItsNames {
                    links.add(other.unnamedSubjects, from: above, outline.usesUnnamed(of: other) ? .certain : .possible, .unnamed)
                }
                if !other.imports.isEmpty || !other.seeds.isEmpty {
                    links.add(other.imports.map(\.module) + (other.seeds.isEmpty ? [] : ["setRandomSeed"]), from: above, .certain, .surroundings)
                }
            }
            direct.append(links.needs(cells.map(\.id)))
            reads.append(read)
        }
        (self.table, self.direct, self.reads) = (table, direct, reads)
    }

    /// The cells above that a cell needs, directly or through others, in file order.
    public func needs(of id: String) -> [Need] {
        guard let index = indices[id] else { return [] }
        return closure(from: index, through: (0..<index).reversed()) { direct[$0].map { (indices[$0.cell]!, $0) } }
    }

    /// The cells above that a cell needs itself.
    public func directNeeds(of id: String) -> [Need] { indices[id].map { direct[$0] } ?? [] }

    /// The cells below that need a cell, directly or through others, in file order.
    public func dependents(of id: String) -> [Need] {
        guard let index = indices[id] else { return [] }
        let below: [[(Int, Need)]] = direct.enumerated().reduce(into: Array(repeating: [], count: ids.count)) { below, cell in
            for need in cell.element {
                var turned = need
                turned.cell = ids[cell.offset]
                below[indices[need.cell]!].append((cell.offset, turned))
            }
        }
        return closure(from: index, through: (index + 1)..<ids.count) { below[$0] }
    }

    /// The cells that have to run so that some names have the values that they have below the whole file.
    public func needs(ofReading names: Set<String>) -> [Need] {
        var reader = CellOutline()
        var item = CodeItem()
        item.use.mentions = names
        reader.items = [item]
        return CellGraph(Array(zip(ids, outlines)) + [(id: "", outline: reader)]).needs(of: "")
    }

    /// All that can be reached; of several ways the surest counts. What is needed through a cell whose surroundings alone
    /// matter is needed to run that cell, and matters no more than it.
    ///
    /// - Parameter order: of the cells that can be reached, such that all ways to a cell lead through cells before it.
    private func closure(from start: Int, through order: some Sequence<Int>, _ next: (Int) -> [(Int, Need)]) -> [Need] {
        var found: [Int: Need] = [:]
        func reach(_ cells: [(Int, Need)], through way: Need?) {
            for (index, need) in cells {
                var need = need
                if way?.certainty == .possible { need.certainty = .possible }
                if way?.link == .surroundings { need.link = .surroundings }
                if let known = found[index] {
                    need.names = Array(Set(known.names).union(need.names)).sorted()
                    if known.certainty == .certain { need.certainty = .certain }
                    if known.link.weight > need.link.weight { need.link = known.link }
                }
                found[index] = need
            }
        }
        reach(next(start), through: nil)
        for index in order {
            if let way = found[index] { reach(next(index), through: way) }
        }
        return found.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The cell that has to give a name to a cell: the nearest above that declares it.
    public func giver(of name: String, for id: String) -> String? {
        guard let index = indices[id] else { return nil }
        return table.viewsAbove[index][name]?.first.map { ids[table.entities[$0].cell] }
    }

    /// The cell that a name means below the whole file.
    public func giver(of name: String) -> String? { table.views.last?[name]?.first.map { ids[table.entities[$0].cell] } }

    /// Whether it can't matter to a cell, and to what it needs, that another has run: one that is not in the file, one
    /// below, or an older version of one.
    public func isIndependent(_ other: CellOutline, of id: String) -> Independence { bearing(on: id).of(other) }

    /// What matters to a cell, for asking of many others.
    public func bearing(on id: String) -> Bearing { Bearing(self, id) }

    /// What matters to a cell and to what it needs.
    public struct Bearing: Sendable {
        private var sure: Set<String> = [], unsure: Set<String> = [], uses: Set<String> = [], imported: Set<String> = []
        private let table: NameTable
        private var isKnown = false

        fileprivate init(_ graph: CellGraph, _ id: String) {
            table = graph.table
            guard let index = graph.indices[id] else { return }
            isKnown = true
            let cells = [index] + graph.needs(of: id).filter { $0.link != .surroundings }.map { graph.indices[$0.cell]! }
            var own = Dictionary(uniqueKeysWithValues: cells.map { ($0, Set<String>()) })
            for entity in table.entities where !entity.leavesOlder { own[entity.cell]?.insert(entity.name) }
            for cell in cells {
                uses.formUnion(graph.outlines[cell].uses)
                sure.formUnion(Set(graph.outlines[cell].items.flatMap(\.use.mentions)).subtracting(own[cell]!))
                for (entity, _) in graph.reads[cell] where table.entities[entity].cell != cell { unsure.insert(table.entities[entity].name) }
            }
            imported = Set(graph.outlines[...index].flatMap(\.imports).map(\.text))
        }

        public func of(_ other: CellOutline) -> Independence {
            if !isKnown { return .independent }
            var changes: [String: NameTable.Certainty] = [:]
            for (entity, certainty) in table.changes(other, resolve: { table.byName[$0] ?? [] }) {
                let name = table.entities[entity].name
                changes[name] = max(changes[name] ?? certainty, certainty)
            }
            for item in other.items where item.isImmediate { for name in item.use.assigned { changes[name] = changes[name] ?? .certain } }
            for item in other.items where !item.isPrivate { for name in item.names { changes[name] = .certain } }
            let related = changes.filter { $0.value == .certain && sure.contains($0.key) }.map(\.key)
            var doubtful = changes.keys.filter { sure.contains($0) || unsure.contains($0) }
            if other.reachesBeyondItsNames {
                if !uses.isDisjoint(with: other.unnamedNames) { return .related((related + other.unnamedSubjects).unique) }
                doubtful += other.unnamedSubjects
            }
            if !related.isEmpty { return .related(related.unique) }
            doubtful += other.imports.filter { !imported.contains($0.text) }.map(\.module)
            return doubtful.isEmpty ? .independent : .doubtful(doubtful.unique)
        }
    }

    func index(of id: String) -> Int? { indices[id] }
}

/// Gathers what one cell needs of each cell above.
private struct Links {
    private struct Found {
        /// Names that the cell uses, and names that stand for what may be the same instance.
        var names: Set<String> = [], others: Set<String> = []
        var certainty: CellGraph.Certainty
        var link: CellGraph.Link
    }
    private var needs: [Int: Found] = [:]

    mutating func add(_ name: String, from cell: Int, _ certainty: CellGraph.Certainty, _ link: CellGraph.Link, isNamed: Bool = true) {
        add([name], from: cell, certainty, link, isNamed: isNamed)
    }

    mutating func add(_ names: [String], from cell: Int, _ certainty: CellGraph.Certainty, _ link: CellGraph.Link, isNamed: Bool = true) {
        var found = needs[cell] ?? Found(certainty: certainty, link: link)
        // Surroundings count where there is nothing else.
        if found.link == .surroundings, link != .surroundings { found = Found(certainty: certainty, link: link) }
        if found.link != .surroundings, link == .surroundings { return }
        if isNamed { found.names.formUnion(names) } else { found.others.formUnion(names) }
        if certainty == .certain { found.certainty = .certain }
        if link == .names { found.link = .names }
        needs[cell] = found
    }

    func needs(_ ids: [String]) -> [CellGraph.Need] {
        needs.sorted { $0.key < $1.key }.map { .init(cell: ids[$0.key], names: ($0.value.names.isEmpty ? $0.value.others : $0.value.names).sorted(), certainty: $0.value.certainty, link: $0.value.link) }
    }
}

extension CellGraph.Link {
    fileprivate var weight: Int {
        switch self {
        case .surroundings: 0
        case .unnamed: 1
        case .names: 2
        }
    }
}

extension [String] {
    fileprivate var unique: [String] { Set(self).sorted() }
}

extension CellOutline {
    /// How a person knows what a cell changes without naming it.
    fileprivate var unnamedSubjects: [String] {
        declarations.filter { [.extension, .operator, .precedenceGroup].contains($0.kind) || $0.isOperatorFunction }.map(\.name).unique
    }

    /// Names by which the use of such a change shows.
    fileprivate var unnamedNames: Set<String> { Set(unnamedSubjects).union(members.map(\.name)) }

    fileprivate func usesUnnamed(of other: CellOutline) -> Bool { !uses.isDisjoint(with: other.unnamedNames) }
}
