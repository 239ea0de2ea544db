/// What the cells of a file give to each other, followed from the top: which declaration a name means in each cell, which
/// cells change it, and which variables may hold the same instance.
///
/// Where the text does not tell, it says too much: a variable may hold an instance until it is seen not to, a method may
/// change what it is called on, a function may keep what it is handed.
struct NameTable {
    /// A name as one cell declares it.
    struct Entity {
        let cell: Int
        let name: String
        let items: [CodeItem]
        /// A stored variable; else a function or a type.
        let isVariable: Bool
        let isConstant: Bool
        let keepsSharedState: Bool
        /// Whether older declarations of the name still count: those of overloads, and of what `#if` may leave out.
        let leavesOlder: Bool
        /// Whether its values, or those that it makes, are copies that nothing else can reach.
        var isPlain = false
    }

    enum Certainty: Int, Comparable {
        case possible, certain
        static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    private(set) var entities: [Entity] = []
    /// All that share a name, wherever they stand.
    private(set) var byName: [String: [Int]] = [:]
    /// For each cell what a name means in it, the newest declaration first.
    private(set) var views: [[String: [Int]]] = []
    /// For each entity the cells that change it, in order.
    private(set) var changers: [[(cell: Int, certainty: Certainty)]] = []

    /// For each cell what a name means above it.
    private(set) var viewsAbove: [[String: [Int]]] = []
    private var visible: [String: [Int]] = [:]
    /// The variables that may hold the same instance, by the number of their group.
    private var groups: [[Int]] = []
    private var group: [Int] = []
    /// Code that may run, or instances that may be reached, by way of a variable: its own, and what stored something in it.
    private var carriers: [[(cell: Int, item: CodeItem)]] = []
    /// What the learner's types call their members.
    private var members: Set<String> = []
    private var unnamed: [(cell: Int, item: CodeItem)] = []

    // MARK: From the top

    /// Adds the next cell of the file.
    /// - Returns: what it reads that is declared above it, with whether that is certain.
    mutating func add(_ outline: CellOutline) -> [Int: Certainty] {
        let cell = views.count
        declare(outline.items, in: cell)
        let view = views[cell]
        for item in outline.items { store(item, in: cell, guarded: outline) }
        let names = { (name: String) in view[name] ?? [] }
        let reach = reach(outline.items, resolve: names)
        var reads = reach.entities
        for name in outline.items.flatMap(\.use.mentions) { for entity in names(name) { reads[entity] = .certain } }
        for (entity, certainty) in changes(outline, resolve: names) { changers[entity].append((cell, certainty)) }
        return reads
    }

    private mutating func declare(_ items: [CodeItem], in cell: Int) {
        var own: [(name: String, items: [CodeItem])] = []
        for item in items {
            if item.kind == .unnamed { unnamed.append((cell, item)) }
            if !item.isImmediate, item.kind != .function { members.formUnion(item.use.bound) }
            for name in item.names.sorted() {
                if let index = own.firstIndex(where: { $0.name == name }) { own[index].items.append(item) } else { own.append((name, [item])) }
            }
        }
        viewsAbove.append(visible)
        var view = visible
        let first = entities.count
        for (name, items) in own {
            let index = entities.count
            let entity = Entity(cell: cell, name: name, items: items)
            entities.append(entity)
            byName[name, default: []].append(index)
            view[name] = [index] + (entity.leavesOlder ? visible[name] ?? [] : [])
            if !items.allSatisfy(\.isPrivate) { visible[name] = view[name] }
            changers.append([])
            carriers.append([])
            group.append(groups.count)
            groups.append([index])
        }
        views.append(view)
        var known: [Int: Bool] = [:]
        for index in first..<entities.count { entities[index].isPlain = isPlain(index, &known) }
    }

    /// What an item stores where: its variables may hold what it mentions, and so may what it changes.
    private mutating func store(_ item: CodeItem, in cell: Int, guarded outline: CellOutline) {
        let view = views[cell]
        let names = { (name: String) in view[name] ?? [] }
        let mentioned = item.use.mentions.flatMap { instances($0, resolve: names) }
        var holders: Set<Int> = []
        switch item.kind {
        case .variable: holders = Set(item.names.flatMap(names).filter { entities[$0].cell == cell && !entities[$0].isPlain })
        case .statement:
            let changed = item.use.assigned.union(called(item)).union(item.use.passed)
            holders = Set(changed.flatMap { instances($0, resolve: names) })
            if isLocal(changed, item, outline.guardedNames) { holders.formUnion(mentioned) }
        case .computed, .function, .type, .unnamed: return
        }
        guard let one = holders.first else { return }
        for holder in holders { carriers[holder].append((cell, item)) }
        for other in holders.union(mentioned) { unite(one, other) }
    }

    private mutating func unite(_ a: Int, _ b: Int) {
        let (kept, gone) = (group[a], group[b])
        guard kept != gone else { return }
        for member in groups[gone] { group[member] = kept }
        groups[kept] += groups[gone]
        groups[gone] = []
    }

    // MARK: What a variable may hold

    /// Declarations that lean on each other are plain when all else that they lean on is.
    private func isPlain(_ index: Int, _ known: inout [Int: Bool]) -> Bool {
        if entities[index].cell < views.count - 1 { return entities[index].isPlain }
        if let answer = known[index] { return answer }
        known[index] = true
        let answer = entities[index].items.allSatisfy { isPlain($0, index, &known) }
        known[index] = answer
        return answer
    }

    private func isPlain(_ item: CodeItem, _ index: Int, _ known: inout [Int: Bool]) -> Bool {
        let view = views[entities[index].cell]
        func arePlain(_ names: Set<String>, exceptLocal local: Set<String> = [], onlyTypes: Bool = false) -> Bool {
            names.allSatisfy { name in
                guard let meant = view[name] else {
                    return local.contains(name) || StandardNames.values.contains(name) || name.hasPrefix("$") || name == "self"
                }
                return meant.allSatisfy { $0 == index || (!onlyTypes || entities[$0].isType) && isPlain($0, &known) }
            }
        }
        switch item.kind {
        case .variable:
            if item.use.keepsClosure || item.typeMayHoldAnything { return false }
            if let type = item.typeNames { return arePlain(type) }
            // A function that is not called is kept.
            if item.use.handled.contains(where: { view[$0]?.contains { entities[$0].isFunction } ?? false }) { return false }
            if let maker = item.madeBy, view[maker].map({ $0.allSatisfy { entities[$0].isType && isPlain($0, &known) } }) ?? StandardNames.isScalar(maker) { return true }
            if let method = item.madeByMethod, StandardNames.valueMethods.contains(method), !members.contains(method) { return true }
            return arePlain(item.use.mentions, exceptLocal: item.use.bound)
        case .computed, .function: return !item.typeMayHoldAnything && arePlain(item.typeNames ?? [])
        case .type(let isReference):
            // Code in a type may read and change variables outside, however plain they are.
            if isReference || item.keepsSharedState || item.use.mayHoldAnything { return false }
            return arePlain(item.use.mentions, exceptLocal: item.use.bound, onlyTypes: true)
        case .statement, .unnamed: return false
        }
    }

    /// The variables that hold, or may hold, the instances that a name leads to.
    private func instances(_ name: String, resolve: (String) -> [Int]) -> Set<Int> {
        var found: Set<Int> = [], seen: Set<Int> = [], open = resolve(name)
        while let next = open.popLast() {
            guard seen.insert(next).inserted else { continue }
            let entity = entities[next]
            if entity.isVariable {
                if !entity.isPlain { found.insert(next) }
            } else {
                if entity.keepsSharedState { found.insert(next) }
                for mention in entity.items.flatMap(\.use.mentions) { open += views[entity.cell][mention] ?? [] }
            }
        }
        return found
    }

    // MARK: What code reaches and changes

    struct Reach {
        /// What the code may read.
        var entities: [Int: Certainty] = [:]
        /// The bodies of functions and types that it may run.
        var bodies: [(cell: Int, item: CodeItem)] = []
    }

    /// All that code leads to by the names in it: through functions and types, and through what variables may hold.
    ///
    /// A function that was called to make what a variable holds has run; of it only what it may have left behind is
    /// reached (`isLeft`): closures, and the methods of types.
    private func reach(_ items: [CodeItem], resolve: (String) -> [Int]) -> Reach {
        struct Step: Hashable { var entity: Int, certainty: Certainty, isLeft: Bool }
        var reach = Reach()
        var open: [Step] = []
        for item in items {
            for name in item.use.mentions { open += resolve(name).map { Step(entity: $0, certainty: .certain, isLeft: false) } }
        }
        func follow(_ cell: Int, _ item: CodeItem, _ certainty: Certainty, isLeft: Bool) {
            if !isLeft || item.use.hasClosure { reach.bodies.append((cell, item)) }
            for name in item.use.mentions {
                let isLeft = isLeft && !item.use.hasClosure && !item.use.handled.contains(name)
                for entity in views[cell][name] ?? [] { open.append(Step(entity: entity, certainty: certainty, isLeft: isLeft)) }
            }
        }
        for (cell, item) in unnamed { follow(cell, item, .possible, isLeft: false) }
        var seen: Set<Step> = []
        while let step = open.popLast() {
            guard seen.insert(step).inserted else { continue }
            let entity = entities[step.entity]
            if entity.isVariable {
                if step.isLeft && entity.isPlain { continue }
                reach.entities[step.entity] = max(reach.entities[step.entity] ?? step.certainty, step.certainty)
                if entity.isPlain { continue }
                for (cell, item) in carriers[step.entity] { follow(cell, item, .possible, isLeft: true) }
                open += groups[group[step.entity]].map { Step(entity: $0, certainty: .possible, isLeft: true) }
            } else {
                reach.entities[step.entity] = max(reach.entities[step.entity] ?? step.certainty, step.certainty)
                for item in entity.items { follow(entity.cell, item, step.certainty, isLeft: step.isLeft && !entity.isType) }
            }
        }
        return reach
    }

    /// What running a cell may change.
    func changes(_ outline: CellOutline, resolve: (String) -> [Int]) -> [Int: Certainty] {
        var changed: [Int: Certainty] = [:]
        func note(_ found: [Int: Certainty], atMost limit: Certainty) { changed.merge(found.mapValues { Swift.min($0, limit) }, uniquingKeysWith: Swift.max) }
        let immediate = outline.items.filter(\.isImmediate)
        let reach = reach(immediate, resolve: resolve)
        let readingChanges = reach.bodies.contains { $0.item.changesWhenRead }
        for item in immediate {
            note(changes(item, resolve: resolve, guarded: outline.guardedNames, readingChanges: readingChanges), atMost: .certain)
        }
        for (cell, item) in reach.bodies {
            note(changes(item, resolve: { views[cell][$0] ?? [] }, guarded: [], readingChanges: readingChanges), atMost: .possible)
        }
        for entity in reach.entities.keys where entities[entity].keepsSharedState { note([entity: .possible], atMost: .possible) }
        return changed
    }

    /// The names whose methods an item calls, apart from methods that look only.
    private func called(_ item: CodeItem) -> Set<String> {
        item.use.looked.reduce(into: item.use.called) { if members.contains($1.key) { $0.formUnion($1.value) } }
    }

    /// Whether one of some changed names is a name of the item's own, or of a `guard`: that may be any instance it mentions.
    private func isLocal(_ changed: Set<String>, _ item: CodeItem, _ guarded: Set<String>) -> Bool {
        changed.contains { item.use.bound.contains($0) || guarded.contains($0) || $0.hasPrefix("$") }
    }

    private func changes(_ item: CodeItem, resolve: (String) -> [Int], guarded: Set<String>, readingChanges: Bool) -> [Int: Certainty] {
        var changed: [Int: Certainty] = [:]
        func noteInstances(_ found: Set<Int>) {
            for one in found { for member in groups[group[one]] { changed[member] = Swift.max(changed[member] ?? .possible, .possible) } }
        }
        for name in item.use.assigned {
            for entity in resolve(name) { changed[entity] = item.use.bound.contains(name) ? .possible : .certain }
            noteInstances(instances(name, resolve: resolve))
        }
        let called = called(item)
        for name in called {
            for entity in resolve(name) where entities[entity].isVariable && entities[entity].isPlain && !entities[entity].isConstant {
                changed[entity] = Swift.max(changed[entity] ?? .possible, .possible)
            }
            noteInstances(instances(name, resolve: resolve))
        }
        for name in item.use.passed.union(readingChanges ? item.use.read : []) { noteInstances(instances(name, resolve: resolve)) }
        if isLocal(item.use.assigned.union(called).union(item.use.passed), item, guarded) { for name in item.use.mentions { noteInstances(instances(name, resolve: resolve)) } }
        return changed
    }
}

extension NameTable.Entity {
    init(cell: Int, name: String, items: [CodeItem]) {
        (self.cell, self.name, self.items) = (cell, name, items)
        isVariable = items.contains { if case .variable = $0.kind { true } else { false } }
        isConstant = items.allSatisfy { $0.kind == .variable(isConstant: true) }
        keepsSharedState = items.contains(where: \.keepsSharedState)
        leavesOlder = items.allSatisfy { $0.kind == .function || $0.isConditional }
    }

    var isFunction: Bool { items.contains { $0.kind == .function } }
    var isType: Bool { items.allSatisfy { if case .type = $0.kind { true } else { false } } }
}

extension CodeItem {
    /// Whether its code runs with the cell, rather than when it is used.
    var isImmediate: Bool {
        switch kind {
        case .statement, .variable: true
        case .computed, .function, .type, .unnamed: false
        }
    }
}
