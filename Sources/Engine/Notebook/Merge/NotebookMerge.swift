/// A learner's notebook brought together with the course's new version of it, cell by cell.
///
/// What one side alone changed is as that side has it. Where both changed a cell, the learner's text stays and the course's is
/// there too (``AnnotatedText``); nothing that the learner wrote is lost, and a script remains one that Swift reads.
///
///     let merge = NotebookMerge(base: starter, ours: mine, theirs: newStarter)
///     try merge.notebook.write(to: file)
public struct NotebookMerge: Sendable {
    public private(set) var notebook: Notebook
    /// What happened to which cell, in the notebook's order; cells that are gone come last.
    public private(set) var changes: [CellChange] = []

    private let base, ours, theirs: MatchedCells
    /// The cells of the result by key: one, or two where a cell was parted.
    private var cells: [String: [Cell]] = [:]
    private var changesByKey: [String: [CellChange]] = [:]
    private var takenIDs: Set<String>

    /// - Parameters:
    ///   - base: the course's version that the learner began with.
    ///   - ours: the learner's notebook.
    ///   - theirs: the course's new version.
    ///   - renames: which of its questions have other names in that.
    public init(base: Notebook, ours: Notebook, theirs: Notebook, renames: QuestionRenames = .none) {
        let base = renames.notebook(base), renamed = renames.notebook(ours)
        (self.base, self.ours, self.theirs) = (MatchedCells(base), MatchedCells(renamed, like: base), MatchedCells(theirs, like: base))
        notebook = renamed
        takenIDs = Set((base.cells + renamed.cells + theirs.cells).map(\.id))
        for (index, cell) in renamed.cells.enumerated() where cell.problem != ours.cells[index].problem { note(.renamed, cell, key: self.ours.keys[index]) }
        mergeSettings(base, renamed, theirs)
        mergeCells()
        keepIDsApart(theirs)
        let order = order()
        notebook.cells = order.flatMap { cells[$0] ?? [] }
        setGaps(renamed, theirs)
        giveIDs()
        changes = (order + self.base.keys.filter { cells[$0] == nil }).flatMap { changesByKey[$0] ?? [] }
    }

    // MARK: What stands beside the cells

    private mutating func mergeSettings(_ base: Notebook, _ ours: Notebook, _ theirs: Notebook) {
        notebook.metadata = .merging(base: base.metadata, ours: ours.metadata, theirs: theirs.metadata)
        notebook.otherKeys = .merging(base: base.otherKeys, ours: ours.otherKeys, theirs: theirs.otherKeys)
        notebook.remarks = []
        guard base.isScript, ours.isScript, theirs.isScript else { return }
        let isHeaderOurs = base.header?.text.hasSameBytes(as: ours.header?.text ?? "") == false
        notebook.header = isHeaderOurs ? ours.header : theirs.header
        notebook.ending = ours.ending == base.ending ? theirs.ending : ours.ending
    }

    // MARK: Cells

    private mutating func mergeCells() {
        for key in ours.keys + theirs.keys where cells[key] == nil {
            switch (base[key], ours[key], theirs[key]) {
            case (let base, let ours?, let theirs?): cells[key] = merge(key, base, ours, theirs)
            case (nil, let ours?, nil): cells[key] = [ours]
            case (nil, nil, let theirs?):
                cells[key] = [taken(theirs)]
                note(.added, theirs, key: key)
            case (let base?, nil, let theirs?) where !base.hasContents(of: theirs):
                cells[key] = [taken(theirs)]
                note(.returned, theirs, key: key)
            case (let base?, let ours?, nil) where base.hasContents(of: ours): note(.removed, base, key: key)
            case (_?, let ours?, nil):
                var text = AnnotatedText(ours), orphan = ours
                if !text.isOrphan {
                    text.isOrphan = true
                    orphan.source = text.source(ours.kind)
                    note(.kept, ours, key: key)
                }
                cells[key] = [orphan]
            case (_?, nil, _), (nil, nil, nil): break
            }
        }
    }

    private mutating func merge(_ key: String, _ base: Cell?, _ ours: Cell, _ theirs: Cell) -> [Cell] {
        var cell = ours, kind: CellChange.Kind?
        if let base, base.hasContents(of: ours), !base.hasContents(of: theirs) {
            (cell, kind) = (taken(theirs), .updated)
        } else if base.map({ $0.hasContents(of: theirs) }) == true || ours.hasContents(of: theirs) {
            // How a script is laid out counts as little as anything, but it counts.
            let isLaidOut = base?.layout.map { $0.text.hasSameBytes(as: ours.layout?.text ?? "") } ?? false
            cell = isLaidOut && ours.hasContents(of: theirs) ? taken(theirs) : ours
        } else if ours.kind == theirs.kind {
            let (text, holdsBoth) = AnnotatedText.merging(base: base, ours: ours, theirs: theirs)
            cell.source = text.source(ours.kind)
            if cell.hasContents(of: theirs) { cell = taken(theirs) }
            if !cell.hasContents(of: ours) { kind = !holdsBoth ? .updated : ours.kind == .code ? .both : .bothProse }
        } else {
            var mine = ours
            mine.id = freshID(like: ours.id)
            if mine.problem == theirs.problem { mine.problem = nil }
            note(.parted, theirs, key: key)
            return [mine, taken(theirs)]
        }
        let metadata = JSONObject.merging(
            base: base?.metadata ?? JSONObject(), ours: ours.metadata, theirs: theirs.metadata, theirKeys: ["problem"])
        if metadata != ours.metadata, kind == nil { kind = .updated }
        cell.metadata = metadata
        cell.otherKeys = .merging(base: base?.otherKeys ?? JSONObject(), ours: ours.otherKeys, theirs: theirs.otherKeys)
        let attachments = JSONObject.merging(
            base: base?.attachments ?? JSONObject(), ours: ours.attachments ?? JSONObject(), theirs: theirs.attachments ?? JSONObject())
        if attachments != cell.attachments ?? JSONObject() { cell.attachments = attachments.isEmpty ? nil : attachments }
        if cell.hasContents(of: ours), base?.outputs != ours.outputs || base?.executionCount != ours.executionCount {
            (cell.outputs, cell.executionCount) = (ours.outputs, ours.executionCount)
        } else {
            (cell.outputs, cell.executionCount) = (theirs.outputs, theirs.executionCount)
        }
        let named = ours.id == base?.id ? theirs : ours
        if cell.id != named.id, !named.hasDerivedID { cell.id = named.id }
        if let kind { note(kind, cell, key: key) }
        return [cell]
    }

    /// A cell of theirs, whose lines end as the learner's do.
    private func taken(_ cell: Cell) -> Cell {
        var cell = cell
        if let layout = cell.layout, layout.ending != notebook.ending { cell.layout = nil }
        return cell
    }

    // MARK: Order

    /// The keys in the course's order, with the learner's own cells after the cells that they stood after; or the other way
    /// round where the learner moved cells and the course did not.
    private func order() -> [String] {
        func common(_ keys: [String]) -> [String] { keys.filter { cells[$0] != nil && ours[$0] != nil && theirs[$0] != nil && base[$0] != nil } }
        let isOrderOurs = common(theirs.keys) == common(base.keys) && common(ours.keys) != common(base.keys)
        let (frame, other) = isOrderOurs ? (ours, theirs) : (theirs, ours)
        let framed = Set(frame.keys.filter { cells[$0] != nil })
        var followers: [String?: [String]] = [:], last: String?
        for key in other.keys where cells[key] != nil {
            if framed.contains(key) { last = key } else { followers[last, default: []].append(key) }
        }
        return followers[nil, default: []] + frame.keys.filter(framed.contains).flatMap { [$0] + followers[$0, default: []] }
    }

    /// Sees to it that a blank line stands after a cell which has another one after it now, and none after the last.
    private mutating func setGaps(_ sources: Notebook...) {
        struct Place { let next: String, layout: CellLayout? }
        let places = sources.map { source in
            let next = source.cells.dropFirst().map(\.id) + [""]
            return Dictionary(zip(source.cells, next).map { ($0.id, Place(next: $1, layout: $0.layout)) }, uniquingKeysWith: { first, _ in first })
        }
        for index in notebook.cells.indices {
            let cell = notebook.cells[index], isLast = index == notebook.cells.count - 1
            guard var layout = cell.layout, !layout.marker.keepsBlankLines, layout.gap.isEmpty != isLast else { continue }
            let next = isLast ? "" : notebook.cells[index + 1].id
            let isAsItWas = places.contains { $0[cell.id].map { $0.next == next && $0.layout?.text.hasSameBytes(as: layout.text) == true } ?? false }
            if isAsItWas { continue }
            if isLast {
                layout.text = layout.text.bytes(0..<layout.markerLength + layout.bodyLength)
            } else {
                layout.text += (layout.text.utf8.last == UInt8(ascii: "\n") ? "" : layout.ending.rawValue) + layout.ending.rawValue
            }
            notebook.cells[index].layout = layout
        }
    }

    // MARK: Ids

    private mutating func freshID(like id: String) -> String {
        let beginning = String(id.prefix(48)) + "-mine"
        let fresh = takenIDs.contains(beginning) ? (2...).lazy.map { "\(beginning)-\($0)" }.first { !takenIDs.contains($0) }! : beginning
        takenIDs.insert(fresh)
        return fresh
    }

    /// Where a cell of the learner's has the id of another cell of the course's, the learner's gets another.
    private mutating func keepIDsApart(_ theirs: Notebook) {
        let given = Set(theirs.cells.filter { !$0.hasDerivedID }.map(\.id))
        for key in ours.keys {
            for (index, cell) in (cells[key] ?? []).enumerated() where !cell.hasDerivedID && given.contains(cell.id) && self.theirs[key]?.id != cell.id {
                let id = freshID(like: cell.id)
                cells[key]?[index].id = id
            }
        }
    }

    /// Gives the cells without an id of their own one that is made from their text.
    private mutating func giveIDs() {
        for index in notebook.cells.indices where notebook.cells[index].hasDerivedID { notebook.cells[index].id = "" }
        CellID.assign(to: &notebook.cells)
        guard notebook.isScript else {
            // An .ipynb file holds every id.
            for index in notebook.cells.indices { notebook.cells[index].hasDerivedID = false }
            return
        }
        let lines = notebook.rendered().firstLines
        for index in notebook.cells.indices { notebook.cells[index].firstLine = lines[index] }
    }

    private mutating func note(_ kind: CellChange.Kind, _ cell: Cell, key: String) { changesByKey[key, default: []].append(CellChange(kind, cell)) }
}

extension Cell {
    /// Whether two cells have the same kind and text.
    fileprivate func hasContents(of other: Cell) -> Bool { kind == other.kind && source.hasSameBytes(as: other.source) }
}
